import { useTranslation } from 'react-i18next';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import { formatMoment } from '../clock/format.ts';
import { useNow } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import { HolderSign } from '../queue/signs.tsx';
import type { Cases } from './cases.ts';

type CaseListProps = {
  readonly cases: Cases;
  readonly myId: string;
  readonly onOpen: (id: string) => void;
};

export function CaseList({ cases, myId, onOpen }: CaseListProps) {
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
      {cases.closed.length === 0 ? (
        <p className="muted">{t('vitals.page.noLast')}</p>
      ) : (
        <CaseLines cases={cases.closed} myId={myId} onOpen={onOpen} />
      )}
    </section>
  );
}

type CaseLinesProps = Omit<CaseListProps, 'cases'> & { readonly cases: readonly Incident[] };

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
            <strong>
              {incident.priority} · {type}
            </strong>
            <time dateTime={incident.openedAt}>{opened}</time>
            <HolderSign incident={incident} myId={myId} />
            <button
              type="button"
              aria-label={`${t('vitals.page.open')}: ${type} ${opened}`}
              onClick={() => onOpen(incident.id)}
            >
              {t('vitals.page.open')}
            </button>
          </li>
        );
      })}
    </ol>
  );
}
