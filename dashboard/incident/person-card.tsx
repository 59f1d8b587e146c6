import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import type { Resident } from '../../gateway/api/contract/registry.ts';
import { formatMoment } from '../clock/format.ts';
import { useNow } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import { formatResidentHash } from '../resident/hash.ts';
import { IdentifyButton } from './identify-button.tsx';
import type { People } from './use-people.ts';

type PersonCardProps = { readonly incident: Incident; readonly people: People };

/** The person; where it is uncertain everybody it may be, with all their risks, until somebody knows. */
export function PersonCard({ incident, people }: PersonCardProps) {
  const { t } = useTranslation();
  const isUncertain = incident.residentId === null && people.entries.length > 1;
  return (
    <section className="card" aria-labelledby="person-heading">
      <h3 id="person-heading">
        {isUncertain ? t('incident.person.candidates', { count: people.entries.length }) : t('incident.person.heading')}
      </h3>
      {isUncertain && <p className="warning">{t('incident.person.candidatesHint')}</p>}
      {people.entries.length === 0 && <p>{t('incident.person.unknown')}</p>}
      {people.entries.map(({ id, entry }) =>
        entry.state === 'known' ? (
          <Person key={id} resident={entry.value}>
            {isUncertain && <IdentifyButton incidentId={incident.id} residentId={id} name={entry.value.name} />}
          </Person>
        ) : (
          <p key={id}>
            {id}: {t(`incident.person.${entry.state}`)}
          </p>
        ),
      )}
    </section>
  );
}

function Person({ resident, children }: { readonly resident: Resident; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const say = useSay();
  const nowMs = useNow();
  const { birthYear, categories, speech, health, status } = resident;
  const age = birthYear === null ? null : new Date(nowMs).getFullYear() - birthYear;
  return (
    <article className="person">
      <p className="name">
        <strong>{resident.name}</strong>{' '}
        {age === null ? t('incident.person.ageUnknown') : t('incident.person.age', { age })}
        <a className="file-link" href={formatResidentHash(resident.id)}>
          {t('vitals.page.link')}
        </a>
      </p>
      {children}
      {status.kind !== 'at-home' && (
        <p className="warning">
          {t('incident.person.status', {
            status: say(`words.status.${status.kind}`, {}, status.kind),
            since: status.from === null ? '?' : formatMoment(Date.parse(status.from), nowMs),
          })}
          {status.note !== null && ` ${status.note}`}
        </p>
      )}
      {categories.length > 0 && (
        <p className="flags">
          {categories.map((category) => (
            <span key={category} className="flag">
              {say(`words.category.${category}`, {}, category)}
            </span>
          ))}
        </p>
      )}
      <dl>
        <dt>{t('incident.person.speech')}</dt>
        <dd>{speech ?? t('incident.home.none')}</dd>
        <dt>{t('incident.person.health')}</dt>
        <dd>{health ?? t('incident.home.none')}</dd>
      </dl>
    </article>
  );
}
