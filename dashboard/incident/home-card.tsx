import { useTranslation } from 'react-i18next';
import type { Home } from '../../gateway/api/contract/registry.ts';
import type { Entry } from '../register/cache.ts';

/** How to get there and in. What is not registered is said: an empty field looks like "nothing special". */
export function HomeCard({ home }: { readonly home: Entry<Home> | null }) {
  const { t } = useTranslation();
  return (
    <section className="card" aria-labelledby="home-heading">
      <h3 id="home-heading">{t('incident.home.heading')}</h3>
      {home === null ? <p>{t('incident.home.unknown')}</p> : <HomeOf home={home} />}
    </section>
  );
}

function HomeOf({ home }: { readonly home: Entry<Home> }) {
  const { t } = useTranslation();
  if (home.state !== 'known') return <p>{t(`incident.person.${home.state}`)}</p>;
  const { address, entrance, accessPlan, region } = home.value;
  return (
    <dl>
      <dt>{t('incident.home.address')}</dt>
      <dd>{address.trim() === '' ? t('incident.home.none') : address}</dd>
      <dt>{t('incident.home.entrance')}</dt>
      <dd>{entrance ?? t('incident.home.none')}</dd>
      <dt>{t('incident.home.access')}</dt>
      <dd className="strong">{accessPlan ?? t('incident.home.none')}</dd>
      {region !== null && (
        <>
          <dt>{t('incident.home.region')}</dt>
          <dd>{region}</dd>
        </>
      )}
    </dl>
  );
}
