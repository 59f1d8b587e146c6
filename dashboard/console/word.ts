import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Say } from '../incident/log-words.ts';

/** Looks a key up that is only known at run time; the gateway may use codes that this page does not know yet. */
export function useSay(): Say {
  const { t } = useTranslation();
  return useCallback((key, params, fallback) => t(key as 'queue.nobody', { ...params, defaultValue: fallback }), [t]);
}
