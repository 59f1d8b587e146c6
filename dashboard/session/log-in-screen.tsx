import { useTranslation } from 'react-i18next';
import { LanguageButton } from '../i18n/language-button.tsx';
import { toggleTheme } from '../theme/theme.ts';
import { LogInForm } from './log-in-form.tsx';

export function LogInScreen() {
  const { t } = useTranslation();
  return (
    <main className="log-in-screen">
      <header>
        <p className="brand">
          <strong>{t('shell.product')}</strong> {t('shell.station')}
        </p>
        <LanguageButton />
        <button type="button" className="quiet" onClick={() => toggleTheme(localStorage, document.documentElement)}>
          {t('shell.bar.theme')}
        </button>
      </header>
      <h1>{t('shell.login.heading')}</h1>
      <LogInForm />
    </main>
  );
}
