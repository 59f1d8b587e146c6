/** The tab's title: what can be read of the console while another window is in front. */
export function formatTitle(
  ringing: number,
  isLost: boolean,
  words: { readonly product: string; readonly rings: string; readonly lost: string },
): string {
  const head = isLost ? `⚠ ${words.lost} · ` : '';
  return ringing > 0 ? `(${ringing}) ${words.rings} · ${head}${words.product}` : `${head}${words.product}`;
}

const COLORS = { calm: '#1d6b4f', ringing: '#d0021b', lost: '#6b6b6b' } as const;

/** The tab's picture as an SVG data address (the policy allows `img-src data:`): calm, a count, or lost. */
export function buildFavicon(ringing: number, isLost: boolean): string {
  const color = ringing > 0 ? COLORS.ringing : isLost ? COLORS.lost : COLORS.calm;
  const sign = ringing > 9 ? '9+' : ringing > 0 ? String(ringing) : isLost ? '!' : '助';
  const size = sign.length > 1 ? 34 : 44;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" fill="${color}"/>` +
    `<text x="32" y="34" font-family="sans-serif" font-weight="700" font-size="${size}" fill="#fff" text-anchor="middle" dominant-baseline="central">${sign}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
