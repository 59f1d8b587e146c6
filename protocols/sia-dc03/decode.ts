import { isSiaCode } from './codes.ts';
import { MAX_EVENTS, MAX_TEXT_CHARS } from './limits.ts';
import type { SiaEvent, SiaFault, SiaPayload } from './message.ts';

/**
 * A payload of `SIA-DCS`, without the account before it, to its events, in their order. Never throws and never refuses: without a readable
 * event there is none in the list, and a fault says so.
 */
export function decodeSia(payload: string): { readonly payload: SiaPayload; readonly faults: readonly SiaFault[] } {
  const faults: SiaFault[] = [];
  const events: SiaEvent[] = [];
  const texts: string[] = [];
  for (const [index, block] of payload.split('|').entries()) {
    const path = `/block/${index}`;
    if (block === '') continue;
    if (isText(block, events.length + texts.length === 0)) {
      texts.push(block.slice(1));
      continue;
    }
    const read = readBlock(block);
    events.push(...read.events);
    if (!read.isWhole) faults.push({ code: 'bad-field', path });
    if (events.length > MAX_EVENTS) {
      faults.push({ code: 'too-long', path });
      break;
    }
  }
  const text = texts.join(' ').slice(0, MAX_TEXT_CHARS).toWellFormed();
  return { payload: { events: events.slice(0, MAX_EVENTS), ...(text === '' ? {} : { text }) }, faults };
}

/** `A…` is text, but for a panel that leaves the N away: a first block that is a known code with its zone is an event. */
function isText(block: string, isFirst: boolean): boolean {
  return block.startsWith('A') && !(isFirst && isSiaCode(block.slice(0, 2)) && /^\d*$/.test(block.slice(2)));
}

type Block = { readonly events: readonly SiaEvent[]; readonly isWhole: boolean };

/** Some panels leave the N or O away: `NL2` is N and L2, which is no code, so it is NL and 2. */
function readBlock(block: string): Block {
  if (!/^[NO]/.test(block)) return readParts(block, false);
  const read = readParts(block.slice(1), block.startsWith('O'));
  if (read.events.length > 0 && read.isWhole) return read;
  const whole = readParts(block, false);
  return whole.events.length > 0 && (whole.isWhole || read.events.length === 0) ? whole : read;
}

const MODIFIER = /([a-z]{2})([^/A-Z^*]*)/y;
const EVENT = /([A-Z]{2})(\d*)(?:\^([^^]*)\^?|\*([^*]*)\*?)?/y;
const MODIFIERS: Readonly<Record<string, 'time' | 'user' | 'area' | 'peripheral'>> = {
  ti: 'time',
  id: 'user',
  ri: 'area',
  pi: 'peripheral',
};

/** Modifiers count for every event behind them in the block (DC-03 §5.3). */
function readParts(text: string, isOld: boolean): Block {
  const events: SiaEvent[] = [];
  const modifiers: { time?: string; user?: string; area?: string; peripheral?: string } = {};
  let at = 0;
  let isWhole = true;
  while (at < text.length) {
    if (text[at] === '/') {
      at += 1;
      continue;
    }
    const modifier = matchAt(MODIFIER, text, at);
    const event = modifier === null ? matchAt(EVENT, text, at) : null;
    if (modifier !== null) {
      const name = MODIFIERS[modifier[1] ?? ''];
      if (name !== undefined) modifiers[name] = (modifier[2] ?? '').slice(0, MAX_TEXT_CHARS);
      at += modifier[0].length;
    } else if (event !== null) {
      events.push(eventOf(event, { isOld, ...modifiers }));
      at += event[0].length;
    } else {
      isWhole = false;
      const next = text.indexOf('/', at);
      at = next === -1 ? text.length : next;
    }
  }
  return { events, isWhole };
}

function eventOf(match: RegExpExecArray, rest: Omit<SiaEvent, 'code'>): SiaEvent {
  const [, code = '', zone = '', caret, star] = match;
  const text = (caret ?? star)?.slice(0, MAX_TEXT_CHARS).toWellFormed();
  return {
    code,
    ...(zone === '' ? {} : { zone: zone.slice(0, MAX_TEXT_CHARS) }),
    ...rest,
    ...(text === undefined || text === '' ? {} : { text }),
  };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
