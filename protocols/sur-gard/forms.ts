import type { SurGardWidths } from './limits.ts';
import type { SurGardContactId, SurGardMessage } from './message.ts';

/** One kind of line: how it looks up to its end, and what it says. The groups of `pattern` are named as `read` wants them. */
export type Form = {
  readonly pattern: RegExp;
  readonly read: (part: (name: string) => string) => SurGardMessage | null;
};

const QUALIFIERS: Readonly<Record<string, SurGardContactId['qualifier']>> = { E: 'new', R: 'restored', P: 'still' };
const CONTACT_ID = '(?<q>[ERP])(?<code>[0-9A-F]{3})(?<group>[0-9A-F]{2})(?<zone>[0-9A-F]{3})';
/** Behind four spaces, right-aligned in six places, or in as many as accounts have (§4.3). */
export const accountPlaces = ({ account }: SurGardWidths): number => Math.max(6, account);

/** The lines of a receiver with these widths. Each fits to the end of a frame; what stands before it is not of it. */
export function formsOf(widths: SurGardWidths): readonly Form[] {
  const origin = `(?<receiver>[0-9A-F]{${widths.receiver}})(?<line>[0-9A-Z]{${widths.line}})`;
  const places = accountPlaces(widths);
  const aligned = `(?<account> {4,}[0-9A-F]{2,${places}})`;
  const block = (protocol: 'S' | '0') => (part: (name: string) => string) => ({
    ...originOf(part),
    ...{ kind: 'sia' as const, protocol, account: part('account'), data: part('data') },
  });
  const isAligned = (part: (name: string) => string): boolean => part('account').length === 4 + places;
  return [
    {
      // Its receiver number is the programmed one, in as many places as the model likes (§4.2: `1011` or `101000`).
      pattern: /1(?<receiver>[0-9A-F]{2})(?<line>[0-9A-Z]{1,4}) {11}@ {4}$/,
      read: (part) => ({ ...originOf(part), kind: 'heartbeat' }),
    },
    {
      pattern: new RegExp(`5${origin} (?<format>[19]8)(?<account>[0-9A-F]{${widths.account}})${CONTACT_ID}$`),
      read: (part) => contactIdOf(part, part('format') === '18' ? '18' : '98'),
    },
    {
      pattern: new RegExp(`Q${origin} 58(?<account>[0-9A-F]{10})${CONTACT_ID}$`),
      read: (part) => contactIdOf(part, '58'),
    },
    { pattern: new RegExp(`S${origin}\\[#(?<account>[0-9A-F]{1,16})\\|(?<data>[^[\\]]+)\\]$`), read: block('S') },
    { pattern: new RegExp(`0${origin}\\[#(?<account>[0-9A-F]{1,16})\\|(?<data>[^[\\]]+)\\]$`), read: block('0') },
    {
      pattern: new RegExp(`3${origin}${aligned}(?<code>[A-Z]{2})(?<zone>[0-9A-F ]{4})$`),
      read: (part) =>
        isAligned(part)
          ? {
              ...originOf(part),
              ...{ kind: 'sia', protocol: '3', account: part('account').trim() },
              data: `N${part('code')}${part('zone').trim()}`,
            }
          : null,
    },
    {
      pattern: new RegExp(`1${origin}${aligned} (?<event>.)(?<area>.)(?<code>.{3})$`),
      read: (part) =>
        isAligned(part)
          ? {
              ...originOf(part),
              ...{ kind: 'basic', account: part('account').trim() },
              ...{ event: part('event'), area: part('area'), code: part('code') },
            }
          : null,
    },
  ];
}

function originOf(part: (name: string) => string): { receiver: string; line: string } {
  return { receiver: part('receiver'), line: part('line') };
}

function contactIdOf(part: (name: string) => string, format: '18' | '98' | '58'): SurGardMessage {
  const qualifier = QUALIFIERS[part('q')] ?? 'new';
  const event = { qualifier, code: part('code'), group: part('group'), zone: part('zone') };
  return { ...originOf(part), kind: 'contact-id', format, account: part('account'), event };
}
