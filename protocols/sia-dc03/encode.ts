import type { SiaEvent, SiaPayload } from './message.ts';

/**
 * A payload of `SIA-DCS`: a block an event, so that no modifier counts for the next one; text last. Strings hold none of `[ ] | / ^ *`, and a
 * modifier no capital letter.
 */
export function encodeSia({ events, text }: SiaPayload): string {
  return [...events.map(encodeEvent), ...(text === undefined ? [] : [`A${text}`])].join('|');
}

function encodeEvent({ code, zone, isOld, text, time, user, area, peripheral }: SiaEvent): string {
  const modifiers = Object.entries({ ti: time, id: user, ri: area, pi: peripheral })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}${value}/`);
  return `${isOld ? 'O' : 'N'}${modifiers.join('')}${code}${zone ?? ''}${text === undefined ? '' : `^${text}^`}`;
}
