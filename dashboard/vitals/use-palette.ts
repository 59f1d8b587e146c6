import { useEffect, useState } from 'react';
import type { Palette } from './draw.ts';

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: color('text'),
    muted: color('muted'),
    line: color('line'),
    surface: color('surface'),
    first: color('accent'),
    second: color('good'),
    limit: color('medium-text'),
    alarm: color('high-text'),
    other: color('text'),
  };
}

/** The theme's colours for what the style sheet does not reach; new ones when somebody changes the theme. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(readPalette);
  useEffect(() => {
    const observer = new MutationObserver(() => setPalette(readPalette()));
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => observer.disconnect();
  }, []);
  return palette;
}
