import { useTranslation } from 'react-i18next';
import type { Home } from '../../gateway/api/contract/registry.ts';
import { formatElapsed, formatMoment } from '../clock/format.ts';
import { useNow, useRegister } from '../console/services.ts';
import { useNames } from '../register/use-names.ts';
import type { Entry } from '../register/cache.ts';
import { AddressLines } from './address-lines.tsx';

type DeviceListProps = { readonly residentId: string; readonly home: Entry<Home> | null };

/** What would tell of this person, and when it last did. */
export function DeviceList({ residentId, home }: DeviceListProps) {
  const { t } = useTranslation();
  const register = useRegister();
  const nowMs = useNow();
  const deviceIds = home?.state === 'known' ? home.value.deviceIds : [];
  const entries = deviceIds.map((id) => register.get('devices', id));
  const states = [...(home === null ? [] : [home.state]), ...entries.map(({ state }) => state)];
  const devices = entries
    .flatMap((entry) => (entry.state === 'known' ? [entry.value] : []))
    .filter((device) => device.retiredAt === null && isTheirs(device.residentIds, residentId));
  const nameList = useNames(devices.flatMap(({ residentIds }) => residentIds.filter((id) => id !== residentId)));
  return (
    <section className="card" aria-labelledby="devices-heading">
      <h3 id="devices-heading">{t('vitals.page.devices')}</h3>
      {states.includes('failed') && <p className="warning">{t('vitals.page.failed')}</p>}
      {states.includes('loading') && <p className="muted">{t('vitals.page.loading')}</p>}
      {devices.length === 0 && !states.includes('failed') && !states.includes('loading') && (
        <p>{t('vitals.page.noDevices')}</p>
      )}
      <ul className="lines">
        {devices.map(({ id, model, place, lastContactAt, residentIds, addresses }) => (
          <li key={id}>
            <strong>{id}</strong> <span className="muted">{[model, place].filter(Boolean).join(' · ')}</span>
            {residentIds.length > 1 && (
              <>
                {' '}
                · {t('vitals.page.sharedWith', { names: nameList(residentIds.filter((one) => one !== residentId)) })}
              </>
            )}
            <AddressLines device={{ id, addresses }} />
            <br />
            {lastContactAt === null ? (
              <span className="warning">{t('vitals.page.noContact')}</span>
            ) : (
              t('vitals.page.lastContact', {
                time: `${formatMoment(Date.parse(lastContactAt), nowMs)} (${formatElapsed(nowMs - Date.parse(lastContactAt))})`,
              })
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A device that is bound to nobody belongs to the whole home. */
function isTheirs(residentIds: readonly string[], residentId: string): boolean {
  return residentIds.length === 0 || residentIds.includes(residentId);
}
