import { useTranslation } from 'react-i18next';
import { formatElapsed, formatTime } from '../clock/format.ts';
import { useNow } from '../console/services.ts';
import { findByNumber, isRinging, type CallerNow } from './callers.ts';
import { formatNumber } from './number.ts';
import type { CallTarget } from './targets.ts';

type CallerStripProps = {
  readonly callers: readonly CallerNow[];
  readonly targets: readonly CallTarget[];
  /** Nobody is known to have answered, and nobody spoke since. */
  readonly isToCallBack: boolean;
};

/** Who rang, from which number, and how the call stands: the first thing that whoever takes a call looks for. */
export function CallerStrip({ callers, targets, isToCallBack }: CallerStripProps) {
  const { t } = useTranslation();
  if (callers.length === 0) return null;
  return (
    <section className="callers" aria-labelledby="callers-heading" data-missed={isToCallBack}>
      <h3 id="callers-heading">{t('incident.callers.heading')}</h3>
      <ul>
        {callers.map((caller) => (
          <CallerLine key={caller.number ?? ''} caller={caller} target={findByNumber(targets, caller.number)} />
        ))}
      </ul>
      {isToCallBack && <p className="call-back">{t('incident.callers.callBack')}</p>}
    </section>
  );
}

function CallerLine({ caller, target }: { readonly caller: CallerNow; readonly target: CallTarget | null }) {
  const { t } = useTranslation();
  const nowMs = useNow();
  const { number, whose, atMs, calls } = caller;
  const rings = isRinging(caller, nowMs);
  const state = caller.state === 'ringing' ? 'ended' : caller.state;
  const name = target === null ? null : [target.name, target.relation].filter((part) => part !== null).join(' · ');
  return (
    <li data-state={rings ? 'ringing' : state}>
      <span className="number">{number === null ? t('incident.callers.withheld') : formatNumber(number)}</span>
      <span className="whose">
        {whose !== 'withheld' && t(`words.whose.${whose}`)}
        {name !== null && `: ${name}`}
      </span>
      <span className="state">
        {rings
          ? t('incident.callers.ringing', { elapsed: formatElapsed(nowMs - atMs) })
          : t('incident.callers.was', { time: formatTime(atMs), state: t(`words.callState.${state}`) })}
        {calls > 1 && ` · ${t('incident.callers.times', { count: calls })}`}
      </span>
    </li>
  );
}
