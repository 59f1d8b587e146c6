import { useTranslation } from 'react-i18next';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import { formatElapsed } from '../clock/format.ts';
import { useNow } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import { calcPersonBehind } from '../register/who.ts';
import { calcHolder } from './owner.ts';
import { pressWords } from './press-words.ts';

/** How bad: number, word and colour together, so that none is needed alone. */
export function PriorityMark({ incident }: { readonly incident: Incident }) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <span className="mark" data-priority={incident.priority} data-rings={incident.ringing}>
      <span className="number">{incident.priority}</span>
      <span>{incident.ringing ? t('queue.rings') : say(`words.priority.${incident.priority}`, {}, '')}</span>
    </span>
  );
}

/** Since it was first received, ticking. */
export function Since({ incident }: { readonly incident: Incident }) {
  const { t } = useTranslation();
  const nowMs = useNow();
  return (
    <time className="since" dateTime={incident.openedAt} title={t('queue.since')}>
      {formatElapsed(nowMs - Date.parse(incident.openedAt))}
    </time>
  );
}

/** Who has it, and in which state: "does a colleague already have it?" is never a question. */
export function HolderSign({ incident, myId }: { readonly incident: Incident; readonly myId: string }) {
  const { t } = useTranslation();
  const say = useSay();
  const holder = calcHolder(incident, myId);
  const words =
    holder.kind === 'me'
      ? t('queue.mine')
      : holder.kind === 'other'
        ? t('queue.other', { name: holder.name })
        : t('queue.nobody');
  const showsState = incident.state !== 'open' && incident.state !== 'claimed';
  return (
    <span className="holder" data-holder={incident.state === 'resolved' ? 'closed' : holder.kind}>
      {incident.state === 'resolved' ? say('words.state.resolved', {}, 'resolved') : words}
      {showsState && incident.state !== 'resolved' && ` · ${say(`words.state.${incident.state}`, {}, incident.state)}`}
    </span>
  );
}

/** What happens next unless somebody acts, and when. */
export function NextStep({ incident }: { readonly incident: Incident }) {
  const { t } = useTranslation();
  const say = useSay();
  const nowMs = useNow();
  if (incident.next === null) return null;
  const step = say(`words.step.${incident.next.step}`, {}, t('words.step.unknown'));
  const remainingMs = Date.parse(incident.next.at) - nowMs;
  // Something to be done now, and not at that moment.
  const [next, overdue] = incident.next.step.startsWith('call-')
    ? (['queue.doNow', 'queue.doNowOverdue'] as const)
    : (['queue.next', 'queue.overdue'] as const);
  return (
    <span className="next" data-near={remainingMs < 10_000}>
      {t(remainingMs > 0 ? next : overdue, { time: formatElapsed(remainingMs), step })}
    </span>
  );
}

/** Presses and everything that is unusual about the alarm, in words. */
export function Flags({ incident }: { readonly incident: Incident }) {
  const { t } = useTranslation();
  const say = useSay();
  const others = incident.types.filter((type) => type !== incident.type);
  const person = calcPersonBehind(incident);
  if (incident.presses < 2 && incident.flags.length === 0 && others.length === 0) return null;
  return (
    <span className="flags">
      {others.map((type) => (
        <span key={type} className="flag strong">
          + {say(`words.type.${type}`, {}, type)}
        </span>
      ))}
      {incident.presses > 1 && (
        <span className="flag strong">{t(pressWords(incident), { count: incident.presses })}</span>
      )}
      {incident.flags.map((flag) => (
        <span key={flag} className={flag === 'missed-call' ? 'flag strong' : 'flag'}>
          {flag === 'unregistered' && person !== null
            ? t(`queue.unknown.${person}`)
            : say(`words.flag.${flag}`, {}, flag)}
        </span>
      ))}
    </span>
  );
}
