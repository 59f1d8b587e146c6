import type { TracedFrame } from '../../devices/links/ports.ts';

/** A frame as the trace keeps it. */
export type KeptFrame = Omit<TracedFrame, 'raw' | 'eventIds' | 'isSignOfLife'> & {
  /** Gateway clock, epoch milliseconds: when it was told, which is a moment after it came. */
  readonly at: number;
  readonly raw: Buffer;
  /** The frame was longer than what is kept of it. */
  readonly isCut: boolean;
  readonly eventIds: readonly string[];
};

/** Kept of a frame; chosen: whole for every protocol but a long JSON. The frame of an alarm lies with its event, up to 64 KiB. */
export const MAX_RAW_BYTES = 16 * 1024;
const MAX_MEANING_CHARS = 300;
const MAX_PEER_CHARS = 128;
const MAX_EVENT_IDS = 16;

/** A line of JSON with its line feed. The device stands first, so that its lines are found without reading the others. */
export function formatLine(frame: TracedFrame, at: number): string {
  const { link, peer, direction, deviceId, raw, meaning, eventIds = [] } = frame;
  const kept = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, MAX_RAW_BYTES));
  const line = {
    i: deviceId,
    l: link,
    t: at,
    d: direction,
    p: peer.slice(0, MAX_PEER_CHARS),
    m: meaning.slice(0, MAX_MEANING_CHARS),
    ...(eventIds.length === 0 ? {} : { e: eventIds.slice(0, MAX_EVENT_IDS) }),
    ...(kept.length < raw.length ? { c: 1 } : {}),
    r: kept.toString('base64'),
  };
  return `${JSON.stringify(line)}\n`;
}

/** What a line of this device begins with, and no other line holds: in JSON a quote within a string is escaped. */
export function beginOfDevice(deviceId: string | null): string {
  return `{"i":${JSON.stringify(deviceId)},"l":`;
}

/** What every line of this link holds, and no other. */
export function partOfLink(link: string): string {
  return `,"l":${JSON.stringify(link)},"t":`;
}

/** What every line holds whose frame became this alarm. */
export function partOfEvent(eventId: string): string {
  return JSON.stringify(eventId);
}

/** Total: null for a line that is torn, was blanked, or is none of ours. */
export function parseLine(text: string): KeptFrame | null {
  const line = parseObject(text);
  if (line === null) return null;
  const { i, l, t, d, p, m, e = [], c, r } = line;
  if (typeof l !== 'string' || typeof p !== 'string' || typeof m !== 'string' || typeof r !== 'string') return null;
  if (typeof t !== 'number' || !Array.isArray(e) || (d !== 'in' && d !== 'out')) return null;
  return {
    deviceId: typeof i === 'string' ? i : null,
    ...{ link: l, at: t, direction: d, peer: p, meaning: m },
    eventIds: e.filter((id: unknown) => typeof id === 'string'),
    isCut: c === 1,
    raw: Buffer.from(r, 'base64'),
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
