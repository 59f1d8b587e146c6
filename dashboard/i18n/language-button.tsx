import { useTranslation } from 'react-i18next';
import { changeLanguage } from './start.ts';

export const LANGUAGE_KEY = 'zhuji.language';

/** Names the other language in itself, for whoever cannot read this one. */
export function LanguageButton() {
  const { t, i18n } = useTranslation();
  const other = i18n.language === 'zh' ? 'en' : 'zh';
  return (
    <button
      type="button"
      className="quiet"
      lang={other}
      onClick={() => {
        localStorage.setItem(LANGUAGE_KEY, other);
        void changeLanguage(other);
      }}
    >
      {t('shell.bar.language')}
    </button>
  );
}
