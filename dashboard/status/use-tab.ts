import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { buildFavicon, formatTitle } from './title.ts';

/** The tab tells how many cases ring, also while another tab is in front. */
export function useTab(ringing: number, isLost: boolean): void {
  const { t } = useTranslation();
  const title = formatTitle(ringing, isLost, {
    product: t('shell.product'),
    rings: t('queue.rings'),
    lost: t('shell.bar.lost'),
  });
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (link !== null) link.href = buildFavicon(ringing, isLost);
  }, [ringing, isLost]);
}
