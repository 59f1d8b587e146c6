import { useTranslation } from 'react-i18next';
import { useNames } from '../register/use-names.ts';
import type { Shared } from './measured.ts';

/** What several people measure with: why it is not on this chart. */
export function SharedNotes({ shared }: { readonly shared: readonly Shared[] }) {
  const { t } = useTranslation();
  const nameList = useNames(shared.flatMap(({ withIds }) => withIds));
  return shared.map(({ deviceId, withIds }) => (
    <p key={deviceId} className="shared-note">
      {t('vitals.shared', { device: deviceId, names: nameList(withIds) })}
    </p>
  ));
}
