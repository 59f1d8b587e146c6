import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { DICTIONARIES } from './dictionaries.ts';
import { DOCUMENT_LANG, type Language } from './language.ts';

/** Dictionaries are part of the page: a console must not wait for words. React escapes, so i18next need not. */
export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'zh',
    resources: { zh: { translation: DICTIONARIES.zh }, en: { translation: DICTIONARIES.en } },
    interpolation: { escapeValue: false },
  });
  showLanguage(language);
}

export async function changeLanguage(language: Language): Promise<void> {
  await i18next.changeLanguage(language);
  showLanguage(language);
}

function showLanguage(language: Language): void {
  document.documentElement.lang = DOCUMENT_LANG[language];
}
