import { accountPlaces } from './forms.ts';
import { DC4, type SurGardWidths } from './limits.ts';
import type { SurGardContactId, SurGardMessage } from './message.ts';

const QUALIFIERS = { new: 'E', restored: 'R', still: 'P' } as const satisfies Record<
  SurGardContactId['qualifier'],
  string
>;

/** A line as the receiver sends it, with its DC4. Receiver and line card must have the widths of the receiver. */
export function encodeSurGard(message: SurGardMessage, widths: SurGardWidths): Uint8Array {
  const origin = `${message.receiver}${message.line}`;
  return Uint8Array.from([...lineOf(message, origin, accountPlaces(widths))].map(codeOf).concat(DC4));
}

function lineOf(message: SurGardMessage, origin: string, places: number): string {
  switch (message.kind) {
    case 'heartbeat':
      return `1${origin}${' '.repeat(11)}@${' '.repeat(4)}`;
    case 'contact-id': {
      const { qualifier, code, group, zone } = message.event;
      const protocol = message.format === '58' ? 'Q' : '5';
      return `${protocol}${origin} ${message.format}${message.account}${QUALIFIERS[qualifier]}${code}${group}${zone}`;
    }
    case 'sia':
      return message.protocol === '3'
        ? `3${origin}${' '.repeat(4)}${message.account.padStart(places)}${message.data.slice(1, 3)}${message.data.slice(3).padStart(4)}`
        : `${message.protocol}${origin}[#${message.account}|${message.data}]`;
    case 'basic':
      return `1${origin}${' '.repeat(4)}${message.account.padStart(places)} ${message.event}${message.area}${message.code}`;
  }
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
