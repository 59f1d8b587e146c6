import { useTranslation } from 'react-i18next';
import type { Incident, IncidentAlarm } from '../../gateway/api/contract/incident.ts';
import type { Device } from '../../gateway/api/contract/registry.ts';
import { formatElapsed, formatMoment } from '../clock/format.ts';
import { useNow, useRegister } from '../console/services.ts';
import { calcDeviceId, isBoundAsThen } from '../register/who.ts';
import { findLocation, type Location } from './location.ts';
import { mayBeAway } from './may-be-away.ts';

type DeviceCardProps = { readonly incident: Incident; readonly alarms: readonly IncidentAlarm[] };

/** Where the alarm comes from, and how far that tells where the person is. */
export function DeviceCard({ incident, alarms }: DeviceCardProps) {
  const { t } = useTranslation();
  const register = useRegister();
  const location = findLocation(alarms);
  const deviceId = calcDeviceId(incident);
  if (deviceId === null && location === null) return null;
  const isUnregistered = incident.flags.includes('unregistered');
  const entry = deviceId === null || isUnregistered ? null : register.get('devices', deviceId);
  const device = entry?.state === 'known' ? entry.value : null;
  const isMaybeAway = mayBeAway(device);
  return (
    <section className="card" aria-labelledby="device-heading">
      <h3 id="device-heading">{t('incident.device.heading')}</h3>
      {isMaybeAway && (
        <p className="warning">{t(device === null ? 'incident.device.maybeCarried' : 'incident.device.carried')}</p>
      )}
      {location === null ? isMaybeAway && <p>{t('incident.device.noLocation')}</p> : <Place location={location} />}
      {deviceId !== null && (
        <dl>
          <dt>{t('incident.device.id')}</dt>
          <dd>
            {deviceId}
            {isUnregistered && ` · ${t('incident.device.missing')}`}
          </dd>
          {device !== null &&
            (isBoundAsThen(device, incident) ? (
              <DeviceFacts device={device} />
            ) : (
              <dd>{t('incident.device.handedOn')}</dd>
            ))}
        </dl>
      )}
    </section>
  );
}

function DeviceFacts({ device }: { readonly device: Device }) {
  const { t } = useTranslation();
  const nowMs = useNow();
  const { model, place, addresses, lastContactAt } = device;
  return (
    <>
      <dt>{t('incident.device.model')}</dt>
      <dd>{model}</dd>
      {place !== null && (
        <>
          <dt>{t('incident.device.place')}</dt>
          <dd>{place}</dd>
        </>
      )}
      {addresses.some(({ isConfirmed }) => !isConfirmed) && (
        <>
          <dt>{t('incident.device.number')}</dt>
          <dd className="warning">{t('incident.device.unconfirmed')}</dd>
        </>
      )}
      <dt>{t('incident.device.lastContact')}</dt>
      <dd>{lastContactAt === null ? t('incident.device.never') : formatMoment(Date.parse(lastContactAt), nowMs)}</dd>
    </>
  );
}

function Place({ location }: { readonly location: Location }) {
  const { t } = useTranslation();
  const nowMs = useNow();
  const { lat, lon, accuracyM, atMs, source, datum } = location;
  return (
    <p className="place">
      <strong>
        {t('incident.device.at', {
          lat: lat.toFixed(5),
          lon: lon.toFixed(5),
          datum: datum ?? t('incident.device.datumUnknown'),
        })}
      </strong>
      {' · '}
      {t(`words.locationSource.${source}`)}
      {' · '}
      {accuracyM === null
        ? t('incident.device.accuracyUnknown')
        : t('incident.device.accuracy', { meters: Math.round(accuracyM) })}
      {' · '}
      {atMs === null
        ? t('incident.device.ageUnknown')
        : t('incident.device.age', { elapsed: formatElapsed(nowMs - atMs) })}
    </p>
  );
}
