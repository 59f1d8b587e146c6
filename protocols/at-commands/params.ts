import { MAX_PARAMS } from './limits.ts';

/** Values behind `+NAME:`, by commas; quotes are taken off, commas within them are text. */
export function splitParams(text: string): string[] {
  const values: string[] = [];
  let value = '';
  let isQuoted = false;
  for (const character of text.trim()) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === ',' && !isQuoted) {
      values.push(value.trim());
      value = '';
      if (values.length >= MAX_PARAMS) return values;
    } else value += character;
  }
  return [...values, value.trim()];
}

/** A whole number without sign; null for anything else. */
export function numberIn(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : null;
}
