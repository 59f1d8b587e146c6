import { useTranslation } from 'react-i18next';
import type { ContactKind, Incident } from '../../gateway/api/contract/incident.ts';
import { CallRow } from './call-row.tsx';
import { listCallWarnings } from './call-warnings.ts';
import type { CallState } from './calls.ts';
import type { CallTarget } from './targets.ts';

type CallListProps = {
  readonly incident: Incident;
  readonly targets: readonly CallTarget[];
  readonly calls: ReadonlyMap<string, CallState>;
  readonly contact: ContactKind | null;
};

/** Whom to call, in the order of calling, with what came of it. Digits lead to a row, Enter dials. */
export function CallList({ incident, targets, calls, contact }: CallListProps) {
  const { t } = useTranslation();
  const hasOwnNumber = targets.some((target) => target.contactId === null && target.caller === undefined);
  const beginsAtZero = targets[0]?.contactId === null;
  const isUncertain = incident.residentId === null && incident.candidates.length > 1;
  const isOverFrom = contact !== null;
  return (
    <section className="card" aria-labelledby="calls-heading">
      <h3 id="calls-heading">{t('incident.calls.heading')}</h3>
      {listCallWarnings(incident).map((warning) => (
        <p key={warning} className="warning">
          {t(`incident.calls.${warning}`)}
        </p>
      ))}
      {!hasOwnNumber && (
        <p className="muted">
          {t('incident.calls.person')}: {t('incident.calls.noNumber')}
        </p>
      )}
      <ol className="calls">
        {targets.map((target, place) => (
          <CallRow
            key={target.key}
            incidentId={incident.id}
            isClosed={incident.state === 'resolved'}
            target={target}
            // 0 is who rang, or the person; without either the contacts still begin at 1.
            place={beginsAtZero ? place : place + 1}
            call={calls.get(target.key) ?? null}
            isUncertain={isUncertain}
            asksWhom={!isOverFrom}
          />
        ))}
      </ol>
    </section>
  );
}
