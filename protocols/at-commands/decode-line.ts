import type { AtMessage, Registration, Result, StoredStatus } from './message.ts';
import { numberIn, splitParams } from './params.ts';

const RESULTS: Readonly<Record<string, Result>> = {
  OK: 'ok',
  ERROR: 'error',
  CONNECT: 'connect',
  'NO CARRIER': 'no-carrier',
  'NO DIALTONE': 'no-dialtone',
  BUSY: 'busy',
  'NO ANSWER': 'no-answer',
};

/** By the number of 3GPP TS 27.007 §7.2; what is above it is `unknown`. */
const REGISTRATIONS: readonly Registration[] = ['off', 'home', 'searching', 'denied', 'unknown', 'roaming'];

/** Numbering of 3GPP TS 24.008 §10.5.4.7: 145 is international. */
const INTERNATIONAL = 145;

/** What one line says. Total: what cannot be read is `text`. */
export function decodeLine(line: string): AtMessage {
  const result = Object.hasOwn(RESULTS, line) ? RESULTS[line] : undefined;
  if (result !== undefined) return { kind: 'result', result };
  if (line === 'RING' || line.startsWith('+CRING:')) return { kind: 'ring' };
  const [, name, rest] = /^\+([A-Z]{3,5}(?: ERROR)?):(.*)$/.exec(line) ?? [];
  const read = name === undefined ? undefined : READERS[name];
  return read?.(splitParams(rest ?? '')) ?? { kind: 'text', text: line };
}

type Reader = (params: readonly string[]) => AtMessage | null;

const READERS: Readonly<Record<string, Reader>> = {
  'CMS ERROR': ([code]) => ({ kind: 'failure', of: 'cms', code: numberIn(code) }),
  'CME ERROR': ([code]) => ({ kind: 'failure', of: 'cme', code: numberIn(code) }),
  CMTI: (params) => stored('message', params),
  CDSI: (params) => stored('report', params),
  CMT: (params) => direct('message', params),
  CDS: (params) => direct('report', params),
  CMGR: ([status, ...rest]) => {
    const [is, octets] = [statusOf(status), numberIn(rest.at(-1))];
    return is === null || octets === null ? null : { kind: 'read', status: is, octets };
  },
  CMGL: ([index, status, ...rest]) => {
    const [at, is, octets] = [numberIn(index), statusOf(status), numberIn(rest.at(-1))];
    return at === null || is === null || octets === null ? null : { kind: 'listed', index: at, status: is, octets };
  },
  CMGS: ([reference]) => {
    const number = numberIn(reference);
    return number === null ? null : { kind: 'sent', reference: number };
  },
  CSQ: ([level]) => {
    const value = numberIn(level);
    return value === null ? null : { kind: 'signal', level: value <= 31 ? value : null };
  },
  CREG: (params) => {
    // The answer begins with the mode of the reports, what the modem says by itself does not. A cell is never one digit.
    const state = numberIn(/^\d$/.test(params[1] ?? '') ? params[1] : params[0]);
    return state !== null ? { kind: 'registration', registration: REGISTRATIONS[state] ?? 'unknown' } : null;
  },
  CPIN: ([state]) => (state === undefined || state === '' ? null : { kind: 'sim', state }),
  CLIP: ([number, type]) => {
    if (number === undefined || !/^\+?[0-9*#]{0,40}$/.test(number)) return null;
    const isInternational = number.startsWith('+') || numberIn(type) === INTERNATIONAL;
    const digits = number.replace('+', '');
    return { kind: 'caller', number: digits === '' ? null : digits, isInternational: digits !== '' && isInternational };
  },
  CPMS: (params) => {
    const isNamed = params[0] !== undefined && numberIn(params[0]) === null;
    const [used, total] = (isNamed ? params.slice(1) : params).map(numberIn);
    if (typeof used !== 'number' || typeof total !== 'number') return null;
    return { kind: 'storage', memory: isNamed ? (params[0] ?? null) : null, used, total };
  },
};

function stored(what: 'message' | 'report', [memory, index]: readonly string[]): AtMessage | null {
  const at = numberIn(index);
  return memory === undefined || !/^[A-Z]{2}$/.test(memory) || at === null
    ? null
    : { kind: 'stored', what, slot: { memory, index: at } };
}

/** `+CMT: [alpha],octets`, `+CDS: octets`. */
function direct(what: 'message' | 'report', params: readonly string[]): AtMessage | null {
  const octets = numberIn(params.at(-1));
  return octets === null ? null : { kind: 'direct', what, octets };
}

function statusOf(value: string | undefined): StoredStatus | null {
  const status = numberIn(value);
  return status === 0 || status === 1 || status === 2 || status === 3 ? status : null;
}
