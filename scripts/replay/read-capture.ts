import type { ModelProtocol } from '../../devices/catalog/model.ts';
import { ZhujiError } from '../../gateway/errors.ts';

export const PROTOCOLS = [
  'mqtt-json',
  'sia-dc09',
  'sur-gard',
  'caller-id',
  'sms',
] as const satisfies readonly ModelProtocol[];

/** A frame of a capture, as a device sent it. */
export type CapturedFrame = {
  /** When it came, epoch milliseconds. */
  readonly atMs: number;
  readonly protocol: ModelProtocol;
  readonly deviceId: string | null;
  readonly bytes: Buffer;
  /** What the gateway took it for then; null where the capture does not tell. */
  readonly meaning: string | null;
};

/** The capture cannot be read; the message says where and what is expected. */
export class CaptureError extends ZhujiError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('bad-capture', message, options);
  }
}

/** Links that speak one protocol always; the name of a serial port tells nothing. */
const PROTOCOL_OF_LINK: Readonly<Record<string, ModelProtocol>> = { mqtt: 'mqtt-json', dc09: 'sia-dc09' };

/**
 * Frames in the order in which they came, of what `zhuji device frames --json` wrote (an array, or a line each), or of a text: a
 * line each with time, protocol (or `mqtt`, `dc09`) and hex digits, then the device if there is one; `#` begins a comment. What
 * the gateway sent is left out, and of a telephone call all but its ringing, as nobody can send them to it. `as`: the protocol of
 * links whose name does not tell. @throws CaptureError
 */
export function readCapture(file: string, as: ModelProtocol | null): readonly CapturedFrame[] {
  // Without the mark of its encoding.
  const text = file.replace(/^\uFEFF/u, '');
  const begin = text.trimStart()[0];
  const frames = begin === '[' || begin === '{' ? readJson(text, as) : readLines(text, as);
  if (frames.length === 0) throw new CaptureError('the capture has no frame that a device sent');
  // The export is newest first, and frames of one millisecond stand in it backwards.
  const inOrder = begin === '[' ? frames.toReversed() : frames;
  return inOrder.toSorted((a, b) => a.atMs - b.atMs);
}

function readJson(text: string, as: ModelProtocol | null): CapturedFrame[] {
  const items = text.trimStart().startsWith('[')
    ? parse(text, 'the capture')
    : text.split('\n').flatMap((line, at) => (line.trim() === '' ? [] : [parse(line, `line ${at + 1}`)]));
  if (!Array.isArray(items)) throw new CaptureError('the capture is no array');
  return items.flatMap((item: unknown, index) => readItem(item, `frame ${index + 1}`, as));
}

function readItem(item: unknown, where: string, as: ModelProtocol | null): CapturedFrame[] {
  const fields: Readonly<Record<string, unknown>> = typeof item === 'object' && item !== null ? { ...item } : {};
  const { at, link, direction, deviceId, hex, meaning, isCut } = fields;
  if (typeof at !== 'string' || typeof link !== 'string' || typeof hex !== 'string') {
    throw new CaptureError(`${where} needs at, link and hex, as zhuji device frames --json writes them`);
  }
  if (direction === 'out') return [];
  if (isCut === true) throw new CaptureError(`${where} was longer than what is kept of it`);
  const frame = {
    atMs: readTime(at, where),
    protocol: protocolOf(link, as, where),
    deviceId: typeof deviceId === 'string' ? deviceId : null,
    bytes: readHex(hex, where),
    meaning: typeof meaning === 'string' ? meaning : null,
  };
  const isNote = frame.protocol === 'caller-id' && frame.meaning !== null && !frame.meaning.startsWith('alarm ');
  return isNote ? [] : [frame];
}

function readLines(text: string, as: ModelProtocol | null): CapturedFrame[] {
  return text.split(/\r?\n/u).flatMap((line, index) => {
    const [at, link, hex, deviceId = null, ...rest] = line.replace(/#.*$/u, '').trim().split(/\s+/u);
    if (at === undefined || at === '') return [];
    const where = `line ${index + 1}`;
    if (link === undefined || hex === undefined || rest.length > 0) {
      throw new CaptureError(`${where} needs time, protocol and hex digits, and may name a device`);
    }
    const protocol = protocolOf(link, as, where);
    return [{ atMs: readTime(at, where), protocol, deviceId, bytes: readHex(hex, where), meaning: null }];
  });
}

function protocolOf(link: string, as: ModelProtocol | null, where: string): ModelProtocol {
  const found = PROTOCOLS.find((protocol) => protocol === link) ?? PROTOCOL_OF_LINK[link] ?? as;
  if (found === null) throw new CaptureError(`${where} is of ${link}: say with --as what that speaks`);
  return found;
}

function readTime(text: string, where: string): number {
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw new CaptureError(`${where} has no ISO time`);
  return atMs;
}

function readHex(hex: string, where: string): Buffer {
  if (!/^(?:[0-9a-f]{2})+$/iu.test(hex)) throw new CaptureError(`${where} has no hex digits`);
  return Buffer.from(hex, 'hex');
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CaptureError(`${where} is no JSON`, { cause: error });
  }
}
