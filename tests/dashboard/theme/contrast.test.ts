import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('../../../dashboard/theme/tokens.css', import.meta.url), 'utf8');

function colorsOf(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(selector)).split('}')[0] ?? '';
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]));
}

/** WCAG 2.2, "relative luminance" and "contrast ratio". */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ['ground', 'surface', 'raised'];
const TEXTS = ['text', 'muted', 'accent', 'good', 'high-text', 'medium-text'];
const PAIRS: [string, string][] = [
  ...GROUNDS.flatMap((ground) => TEXTS.map((text): [string, string] => [text, ground])),
  ['on-accent', 'accent'],
  ['on-high', 'high'],
  ['on-medium', 'medium'],
  ['on-low', 'low'],
  ['on-accent', 'mine-line'],
  ['text', 'mine'],
  ['muted', 'mine'],
  ['high-text', 'mine'],
  ['medium-text', 'mine'],
];

test.each([
  ['dark', ':root {'],
  ['light', ":root[data-theme='light'] {"],
])('in the %s theme every text can be read (4.5 : 1) and every control seen (3 : 1)', (_theme, selector) => {
  const colors = colorsOf(selector);
  const color = (name: string): string => {
    const value = colors[name];
    if (value === undefined) throw new Error(`no colour ${name}`);
    return value;
  };
  for (const [text, ground] of PAIRS) {
    expect(contrast(color(text), color(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  }
  for (const ground of ['ground', 'surface']) {
    expect(contrast(color('control'), color(ground)), `control on ${ground}`).toBeGreaterThanOrEqual(3);
  }
});
