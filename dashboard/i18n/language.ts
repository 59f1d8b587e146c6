export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Value of the document's `lang`, so that fonts and speech output fit. */
export const DOCUMENT_LANG = { zh: 'zh-CN', en: 'en' } as const satisfies Record<Language, string>;

/** What was chosen before, else the first of the browser's languages that we have, else Chinese. */
export function chooseLanguage(chosen: string | null, browser: readonly string[]): Language {
  const wanted = [...(chosen === null ? [] : [chosen]), ...browser];
  for (const tag of wanted) {
    const found = LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found !== undefined) return found;
  }
  return 'zh';
}
