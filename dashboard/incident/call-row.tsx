import { useTranslation } from 'react-i18next';
import type { ActionBody } from '../../gateway/api/contract/actions.ts';
import type { CallResult, ContactKind } from '../../gateway/api/contract/incident.ts';
import { FailureNote } from '../api/failure-note.tsx';
import { useCommand } from '../api/use-command.ts';
import { formatElapsed, formatTime } from '../clock/format.ts';
import { useNow, useServices } from '../console/services.ts';
import { callControlId } from '../console/use-desk-keys.ts';
import type { CallState } from './calls.ts';
import type { CallTarget } from './targets.ts';

type CallRowProps = {
  readonly incidentId: string;
  readonly isClosed: boolean;
  readonly target: CallTarget;
  readonly place: number;
  readonly call: CallState | null;
  /** Whether, after an answer, it is still open what was learnt. */
  readonly asksWhom: boolean;
};

const RESULTS = ['answered', 'no-answer', 'busy', 'failed'] as const satisfies readonly CallResult[];

/** One number: dial, say what came of it, say whom one spoke with. Every click is a line of the log. */
export function CallRow({ incidentId, isClosed, target, place, call, asksWhom }: CallRowProps) {
  const { t } = useTranslation();
  const { api, feed } = useServices();
  const command = useCommand();
  const nowMs = useNow();
  const { name, number, contactId } = target;

  function record(result: CallResult): void {
    const whom: ActionBody<'call'> = contactId === null ? { number } : { contactId };
    // The time tells a second call from a repeat of the first.
    const intent = [target.key, result, call?.atMs ?? 0];
    void command.run(intent, (key) => api.act(incidentId, 'call', { ...whom, result }, key), feed.learn);
  }

  function contact(kind: ContactKind): void {
    void command.run([target.key, kind], (key) => api.act(incidentId, 'contact', { kind }, key), feed.learn);
  }

  const isDialing = call?.result === 'ringing';
  const isMissed = call !== null && !isDialing && call.result !== 'answered';
  return (
    <li className="call" data-result={call?.result ?? 'none'}>
      <div className="whom">
        <kbd>{place}</kbd>
        <div>
          <strong>{name}</strong> <span>{contactId === null ? t('incident.calls.person') : target.relation}</span>
          <p className="details">
            {target.hasKey && <span className="flag strong">{t('incident.calls.key')}</span>}
            {target.minutesAway !== null && <span>{t('incident.calls.minutes', { minutes: target.minutesAway })}</span>}
            {target.language !== null && <span>{target.language}</span>}
            {target.note !== null && <span>{target.note}</span>}
          </p>
        </div>
        <span className="number">{number}</span>
        {!isClosed && (
          <a
            className="button"
            id={callControlId(place)}
            href={`tel:${number}`}
            aria-label={t('incident.calls.dialFor', { name })}
            onClick={() => record('ringing')}
          >
            {t('incident.calls.dial')}
          </a>
        )}
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
