import { useTranslation } from 'react-i18next';
import type { DeviceAddress, DeviceAddresses } from '../../gateway/api/contract/addresses.ts';
import type { Device } from '../../gateway/api/contract/registry.ts';
import { useAnswer } from '../console/use-answer.ts';

/** Under what a device sends where it has no name of its own, and whether its number may be somebody else's by now. */
export function AddressLines({ device }: { readonly device: Pick<Device, 'id' | 'addresses'> }) {
  const { id, addresses } = device;
  const hasNumber = addresses.some(({ kind }) => kind === 'number');
  return hasNumber ? <WithNumbers id={id} addresses={addresses} /> : <Lines addresses={addresses} />;
}

/** Every reading of a number leaves a trace, so it is read only where there is one, and once for each showing. */
function WithNumbers({ id, addresses }: Pick<Device, 'id' | 'addresses'>) {
  const answer = useAnswer<DeviceAddresses>(`/devices/${encodeURIComponent(id)}/addresses`);
  const read = answer?.ok === true ? answer.value.items : [];
  const valueOf = ({ id: wanted, value }: DeviceAddress) => read.find((one) => one.id === wanted)?.value ?? value;
  return <Lines addresses={addresses.map((address) => ({ ...address, value: valueOf(address) }))} />;
}

function Lines({ addresses }: { readonly addresses: readonly DeviceAddress[] }) {
  const { t } = useTranslation();
  return addresses.map(({ id, kind, value, receiver, isConfirmed }) => (
    <span key={id}>
      <br />
      {kind === 'account'
        ? t('vitals.page.account', { value, receiver: receiver ?? t('vitals.page.anyReceiver') })
        : t('vitals.page.callsFrom', { value: value ?? t('vitals.page.numberNotShown') })}
      {!isConfirmed && (
        <>
          {' '}
          · <span className="warning">{t('vitals.page.unconfirmed')}</span>
        </>
      )}
    </span>
  ));
}
