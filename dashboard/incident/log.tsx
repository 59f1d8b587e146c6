import { useTranslation } from 'react-i18next';
import type { LogEntry } from '../../gateway/api/contract/incident.ts';
import type { SessionUser } from '../../gateway/api/contract/session.ts';
import { formatMoment } from '../clock/format.ts';
import { useNow } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import { foldLog } from './log-fold.ts';
import { calcActor, describeEntry, textOfEntry, type ActorKind } from './log-words.ts';
import { measureOf, measureSentence } from './measure.ts';
import type { CallTarget } from './targets.ts';

type LogProps = {
  readonly log: readonly LogEntry[] | null;
  readonly targets: readonly CallTarget[];
  readonly user: SessionUser;
};

/** The history in words, newest first. */
export function Log({ log, targets, user }: LogProps) {
  const { t } = useTranslation();
  const say = useSay();
  const nowMs = useNow();
  const nameOf = (actor: ActorKind): string => (actor.kind === 'user' ? actor.name : t(`incident.log.${actor.kind}`));
  const lines = foldLog(log ?? []);
  return (
    <section className="card log" aria-labelledby="log-heading">
      <h3 id="log-heading">{t('incident.log.heading')}</h3>
      {lines.length === 0 && <p>{log === null ? t('incident.loading') : t('incident.log.empty')}</p>}
      <ol className="lines">
        {lines.map((entry) => {
          const text = textOfEntry(entry);
          const measure = measureOf(entry.data);
          return (
            <li key={entry.id}>
              <time dateTime={entry.at}>{formatMoment(Date.parse(entry.at), nowMs)}</time>{' '}
              <span>{describeEntry(entry, say, targets)}</span>{' '}
              <span className="muted">{nameOf(calcActor(entry.actor, entry.actorName, user.id))}</span>
              {measure !== null && <p className="said">{measureSentence(measure, say)}</p>}
              {text !== null && <p className="said">{text}</p>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
