import { useTranslation } from 'react-i18next';
import type { Address, Who } from '../register/who.ts';

export function useWhoWords(): (who: Who) => string {
  const { t } = useTranslation();
  return (who) => {
    switch (who.kind) {
      case 'resident':
        return who.name ?? t('queue.who.unknownName', { id: who.id });
      case 'candidates':
        return t('queue.who.candidates', { names: who.names.join(t('queue.who.or')) });
      case 'unregistered-device':
        return t('queue.who.unregistered', { id: who.deviceId });
      case 'device':
        return t('queue.who.device', { id: who.deviceId });
      case 'caller':
        return t('queue.who.caller');
      case 'writer':
        return t('queue.who.writer');
      case 'home':
        return t('queue.who.home');
      case 'nobody':
        return t('queue.who.nobody');
    }
  };
}

export function useAddressWords(): (address: Address) => string {
  const { t } = useTranslation();
  return (address) => (address.kind === 'known' ? address.address : t(`queue.address.${address.kind}`));
}
