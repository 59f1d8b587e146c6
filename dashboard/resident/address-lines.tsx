import { useTranslation } from 'react-i18next';
import type { Device } from '../../gateway/api/contract/registry.ts';
import { useNumbers } from './use-numbers.ts';

/** Under what a device sends where it has no name of its own, and whether its number may be somebody else's by now. */
export function AddressLines({ device }: { readonly device: Pick<Device, 'id' | 'addresses'> }) {
  const { t } = useTranslation();
  const { id, addresses } = device;
  const numbers = useNumbers(
    id,
    addresses.some(({ kind }) => kind === 'number'),
  );
  return addresses.map((address) => (
    <span key={address.id}>
      <br />
      {address.kind === 'account'
        ? t('vitals.page.account', { value: address.value, receiver: address.receiver ?? t('vitals.page.anyReceiver') })
        : t('vitals.page.callsFrom', { value: numbers.get(address.id) ?? t('vitals.page.numberNotShown') })}
      {!address.isConfirmed && (
        <>
          {' '}
          · <span className="warning">{t('vitals.page.unconfirmed')}</span>
        </>
      )}
    </span>
  ));
}
