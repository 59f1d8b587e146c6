import { DICTIONARIES } from '../../dashboard/i18n/dictionaries.ts';
import type { Say } from '../../dashboard/incident/log-words.ts';

/** Words of the real dictionaries, without a page. */
export function sayIn(language: 'zh' | 'en'): Say {
  return (key, params, fallback) => {
    let found: unknown = DICTIONARIES[language];
    for (const part of key.split('.')) found = (found as Record<string, unknown> | undefined)?.[part];
    const text = typeof found === 'string' ? found : fallback;
    return text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(params[name]));
  };
}
