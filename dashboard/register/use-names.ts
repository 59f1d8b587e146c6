import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useRegister } from '../console/services.ts';

/** Names of people behind each other; the id of one whose file is not there or not to be seen. */
export function useNames(residentIds: readonly string[]): (ids: readonly string[]) => string {
  const { t } = useTranslation();
  const register = useRegister();
  const asked = [...new Set(residentIds)].join(' ');
  useEffect(() => {
    for (const id of asked === '' ? [] : asked.split(' ')) register.want('residents', id);
  }, [register, asked]);
  return (ids) =>
    ids
      .map((id) => {
        const entry = register.get('residents', id);
        return entry.state === 'known' ? entry.value.name : id;
      })
      .join(t('vitals.listComma'));
}
