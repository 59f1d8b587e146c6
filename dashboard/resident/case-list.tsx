import { useTranslation } from 'react-i18next';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import { formatMoment } from '../clock/format.ts';
import { useNow } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import { HolderSign } from '../queue/signs.tsx';
import type { Cases } from './cases.ts';

type CaseListProps = {
  readonly cases: Cases;
  /** Whether those are among them that the console does not hold. */
  readonly past: 'reading' | 'read' | 'failed';
  readonly myId: string;
  readonly onOpen: (id: string) => void;
};

export function CaseList({ cases, past, myId, onOpen }: CaseListProps) {
  const { t } = useTranslation();
  return (
    <section className="card" aria-labelledby="cases-heading">
      <h3 id="cases-heading">{t('vitals.page.cases')}</h3>
      {cases.open.length === 0 ? (
        <p>{t('vitals.page.noOpen')}</p>
      ) : (
        <CaseLines cases={cases.open} myId={myId} onOpen={onOpen} />
      )}
      <h4>{t('vitals.page.lastCases')}</h4>
      {past === 'failed' && <p className="warning">{t('vitals.page.noPast')}</p>}
      {cases.closed.length > 0 ? (
        <CaseLines cases={cases.closed} myId={myId} onOpen={onOpen} />
      ) : (
        past !== 'failed' && (
          <p className="muted">{t(past === 'read' ? 'vitals.page.noLast' : 'vitals.page.loading')}</p>
        )
      )}
    </section>
  );
}

type CaseLinesProps = Omit<CaseListProps, 'cases' | 'past'> & { readonly cases: readonly Incident[] };

function CaseLines({ cases, myId, onOpen }: CaseLinesProps) {
  const { t } = useTranslation();
  const say = useSay();
  const nowMs = useNow();
  return (
    <ol className="case-lines">
      {cases.map((incident) => {
        const type = say(`words.type.${incident.type}`, {}, incident.type);
        const opened = formatMoment(Date.parse(incident.openedAt), nowMs);
        return (
          <li key={incident.id}>
            <button
              type="button"
              aria-label={`${incident.priority} · ${type}, ${opened}: ${t('vitals.page.open')}`}
              title={t('vitals.page.open')}
              onClick={() => onOpen(incident.id)}
            >
              {incident.priority} · {type}
            </button>
            <time dateTime={incident.openedAt}>{opened}</time>
            <HolderSign incident={incident} myId={myId} />
          </li>
        );
      })}
    </ol>
  );
}
