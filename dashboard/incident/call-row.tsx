import { useTranslation } from 'react-i18next';
import type { ActionBody } from '../../gateway/api/contract/actions.ts';
import type { CallResult, ContactKind } from '../../gateway/api/contract/incident.ts';
import { FailureNote } from '../api/failure-note.tsx';
import { useCommand } from '../api/use-command.ts';
import { formatElapsed, formatTime } from '../clock/format.ts';
import { useNow, useServices } from '../console/services.ts';
import { callControlId } from '../console/use-desk-keys.ts';
import type { CallState } from './calls.ts';
import { formatNumber } from './number.ts';
import type { CallTarget } from './targets.ts';

type CallRowProps = {
  readonly incidentId: string;
  readonly isClosed: boolean;
  readonly target: CallTarget;
  readonly place: number;
  readonly call: CallState | null;
  /** Whether it is not known whom the case is about: then each number says whose it is. */
  readonly isUncertain: boolean;
  /** Whether, after an answer, it is still open what was learnt. */
  readonly asksWhom: boolean;
};

const RESULTS = ['answered', 'no-answer', 'busy', 'failed'] as const satisfies readonly CallResult[];

/** One number: dial, say what came of it, say whom one spoke with. Every click is a line of the log. */
export function CallRow({ incidentId, isClosed, target, place, call, isUncertain, asksWhom }: CallRowProps) {
  const { t } = useTranslation();
  const { api, feed } = useServices();
  const command = useCommand();
  const nowMs = useNow();
  const { number, contactId, caller } = target;
  const name = caller === undefined ? target.name : t('incident.callers.name');
  const role = contactId === null ? t('incident.calls.person') : target.relation;

  function record(result: CallResult): void {
    const whom: ActionBody<'call'> = contactId === null ? { number } : { contactId };
    // The time tells a second call from a repeat of the first.
    const intent = [target.key, result, call?.atMs ?? 0];
    void command.run(intent, (key) => api.act(incidentId, 'call', { ...whom, result }, key), feed.learn);
  }

  function contact(kind: ContactKind): void {
    void command.run([target.key, kind], (key) => api.act(incidentId, 'contact', { kind }, key), feed.learn);
  }

  const remark = [
    target.minutesAway === null ? null : t('incident.calls.minutes', { minutes: target.minutesAway }),
    target.language,
    target.note,
    target.of.length > 1 || (isUncertain && caller === undefined)
      ? t('incident.calls.of', { names: target.of.join(' · ') })
      : null,
  ]
    .filter((part) => part !== null)
    .join(' · ');
  const isDialing = call?.result === 'ringing';
  const isMissed = call !== null && !isDialing && call.result !== 'answered';
  return (
    <li className="call" data-result={call?.result ?? 'none'}>
      <div className="whom">
        <kbd>{place}</kbd>
        <p className="details">
          <strong>{name}</strong>
          <span>{caller === undefined ? role : t(`words.whose.${caller}`)}</span>
          {target.hasKey && <span className="flag strong">{t('incident.calls.key')}</span>}
        </p>
        {/* For consoles with a telephone in the browser; elsewhere the button logs a call made on the desk phone. A link
            alone would not do: without such a telephone the browser's question stands in front of the whole screen. */}
        <a
          className="number"
          href={`tel:${number}`}
          tabIndex={-1}
          onClick={() => {
            if (!isClosed) record('ringing');
          }}
        >
          {formatNumber(number)}
        </a>
        {!isClosed && (
          <button
            type="button"
            id={callControlId(place)}
            aria-label={t('incident.calls.dialFor', { name })}
            aria-disabled={command.isSending}
            onClick={() => record('ringing')}
          >
            {t('incident.calls.dial')}
          </button>
        )}
        {remark !== '' && <p className="remark">{remark}</p>}
      </div>
      {call !== null && (
        <p className="result">
          {isDialing
            ? t('incident.calls.dialing', { elapsed: formatElapsed(nowMs - call.atMs) })
            : t('incident.calls.last', { time: formatTime(call.atMs), result: t(`words.callResult.${call.result}`) })}
          {isMissed && <strong> · {t('incident.calls.notSafe')}</strong>}
        </p>
      )}
      {isDialing && !isClosed && (
        <div className="buttons" role="group" aria-label={t('incident.calls.result', { name })}>
          {RESULTS.map((result) => (
            <button key={result} type="button" aria-disabled={command.isSending} onClick={() => record(result)}>
              {t(`words.callResult.${result}`)}
            </button>
          ))}
        </div>
      )}
      {call?.result === 'answered' && asksWhom && !isClosed && (
        <div className="buttons" role="group" aria-label={t('incident.calls.whom')}>
          <span>{t('incident.calls.whom')}</span>
          <button type="button" aria-disabled={command.isSending} onClick={() => contact('spoke-with-person')}>
            {t('incident.calls.withPerson')}
          </button>
          <button
            type="button"
            aria-disabled={command.isSending}
            onClick={() => contact('spoke-with-someone-beside-them')}
          >
            {t('incident.calls.beside')}
          </button>
        </div>
      )}
      <FailureNote failure={command.failure} />
    </li>
  );
}
