import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../console/services.ts';
import { buildFavicon } from '../status/title.ts';

/**
 * The page could not draw itself. It sounds until somebody loads it anew; that this console is not attended any more follows
 * from `App`, which is gone and has left the feed.
 */
export function Crashed() {
  const { t } = useTranslation();
  const { player } = useServices();
  const again = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // After the sound of what is gone has ended: React ends the effects of the old tree first.
    player.play('lost');
    document.title = `⚠ ${t('shell.crash.title')} · ${t('shell.product')}`;
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon !== null) icon.href = buildFavicon(0, true);
    again.current?.focus();
  }, [player, t]);
  return (
    <main className="crashed" role="alert">
      <h1>{t('shell.crash.heading')}</h1>
      <p>{t('shell.crash.hint')}</p>
      <button ref={again} type="button" className="primary" onClick={() => window.location.reload()}>
        {t('shell.crash.reload')}
      </button>
    </main>
  );
}
