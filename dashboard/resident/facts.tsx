import { useTranslation } from 'react-i18next';
import type { Home, Resident } from '../../gateway/api/contract/registry.ts';
import { formatMoment } from '../clock/format.ts';
import { useNow } from '../console/services.ts';
import { useSay } from '../console/word.ts';

type FactsProps = { readonly resident: Resident; readonly home: Home | null };

/** Who it is, where they live and how things stand. */
export function Facts({ resident, home }: FactsProps) {
  const { t } = useTranslation();
  const say = useSay();
  const nowMs = useNow();
  const { categories, status, number, speech, health } = resident;
  const when = (iso: string): string => formatMoment(Date.parse(iso), nowMs);
  return (
    <section className="card" aria-labelledby="facts-heading">
      <h3 id="facts-heading">{t('incident.person.heading')}</h3>
      <dl>
        <dt>{t('vitals.page.status')}</dt>
        <dd className={status.kind === 'at-home' ? '' : 'warning strong'}>
          {say(`words.status.${status.kind}`, {}, status.kind)}
          {status.from !== null && ` ${t('vitals.page.since', { time: when(status.from) })}`}
          {status.until !== null && ` ${t('vitals.page.until', { time: when(status.until) })}`}
          {status.note !== null && ` · ${status.note}`}
        </dd>
        <dt>{t('vitals.page.address')}</dt>
        <dd>{home === null || home.address.trim() === '' ? t('incident.home.unknown') : home.address}</dd>
        <dt>{t('vitals.page.number')}</dt>
        <dd>{number ?? t('vitals.page.noNumber')}</dd>
        {categories.length > 0 && (
          <>
            <dt>{t('vitals.page.categories')}</dt>
            <dd>{categories.map((category) => say(`words.category.${category}`, {}, category)).join(' · ')}</dd>
          </>
        )}
        <dt>{t('incident.person.speech')}</dt>
        <dd>{speech ?? t('incident.home.none')}</dd>
        <dt>{t('incident.person.health')}</dt>
        <dd>{health ?? t('incident.home.none')}</dd>
      </dl>
    </section>
  );
}
