import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { IncidentAlarm } from '../../gateway/api/contract/incident.ts';
import { formatElapsed, formatMoment } from '../clock/format.ts';
import { useNow } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import { measureSentence } from './measure.ts';
import { formatNumber } from './number.ts';
import { zoneWords } from './zone.ts';

type Caller = NonNullable<IncidentAlarm['caller']>;

/** Below this a difference of the clocks means nothing (chosen). */
const CLOCK_TOLERANCE_MS = 5000;

/** What the devices sent, newest first, with their own clock beside ours. */
export function Alarms({ alarms }: { readonly alarms: readonly IncidentAlarm[] | null }) {
  const { t } = useTranslation();
  return (
    <section className="card" aria-labelledby="alarms-heading">
      <h3 id="alarms-heading">{t('incident.alarms.heading')}</h3>
      {alarms === null ? (
        <p>{t('incident.loading')}</p>
      ) : (
        <ol className="lines">
          {alarms.toReversed().map((alarm) => (
            <AlarmLine key={alarm.id} alarm={alarm} />
          ))}
        </ol>
      )}
    </section>
  );
}

function AlarmLine({ alarm }: { readonly alarm: IncidentAlarm }) {
  const { t } = useTranslation();
  const say = useSay();
  const nowMs = useNow();
  const { kind, type, of, at, receivedAt, text, zone, batteryPct, measure, faults, flags, byHand, call, caller } =
    alarm;
  const about = kind === 'alarm' ? type : of;
  return (
    <li>
      <strong>
        {kind !== 'alarm' && say(`words.alarmKind.${kind}`, {}, kind)}
        {kind !== 'alarm' && about !== null && ': '}
        {kind === 'call'
          ? say(`words.callState.${call}`, {}, '')
          : about !== null && say(`words.type.${about}`, {}, about)}
      </strong>{' '}
      {t('incident.alarms.received', { time: formatMoment(Date.parse(receivedAt), nowMs) })}
      {call === null && (
        <span className="muted">
          {' '}
          · {at === null ? t('incident.alarms.noClock') : <DeviceClock at={at} receivedAt={receivedAt} />}
        </span>
      )}
      {caller !== null && ` · ${numberOf(caller, t)}`}
      {zone !== null && ` · ${zoneWords(zone, about, say)}`}
      {byHand !== null && ` · ${t(`words.source.${byHand.source}`)} ${byHand.callerNumber ?? ''}`}
      {batteryPct !== null && ` · ${t('incident.alarms.battery', { percent: batteryPct })}`}
      {measure !== null && <p className="said">{measureSentence(measure, say)}</p>}
      {flags.map((flag) => (
        <span key={flag} className="flag">
          {flag === 'unregistered' && caller !== null
            ? t(call === null ? 'queue.unknown.writer' : 'queue.unknown.caller')
            : say(`words.flag.${flag}`, {}, flag)}
        </span>
      ))}
      {[...new Set(faults.map(({ code }) => code))].map((code) => (
        <span key={code} className="flag">
          {say(`words.fault.${code}`, {}, t('words.fault.other'))}
        </span>
      ))}
      {text !== null && <p className="said">{text}</p>}
    </li>
  );
}

/** With whose it is, where anybody knows. */
function numberOf({ number, whose }: Caller, t: TFunction): string {
  if (number === null) return t('incident.callers.withheld');
  return whose === 'unknown' ? formatNumber(number) : `${t(`words.whose.${whose}`)} ${formatNumber(number)}`;
}

function DeviceClock({ at, receivedAt }: { readonly at: string; readonly receivedAt: string }) {
  const { t } = useTranslation();
  const atMs = Date.parse(at);
  const aheadMs = atMs - Date.parse(receivedAt);
  const time = t('incident.alarms.device', { time: formatMoment(atMs, Date.parse(receivedAt)) });
  if (Math.abs(aheadMs) < CLOCK_TOLERANCE_MS) return time;
  const elapsed = formatElapsed(Math.abs(aheadMs));
  return `${time} (${aheadMs > 0 ? t('incident.alarms.ahead', { elapsed }) : t('incident.alarms.behind', { elapsed })})`;
}
