import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FrameFile } from './frame-files.ts';
import { beginOfDevice, parseLine, partOfLink, type KeptFrame } from './frame-line.ts';
import { findLines } from './find-lines.ts';

/** Where a frame stands: number of the file and offset in it. Grows with each frame. */
export type FramePosition = { readonly no: number; readonly offset: number };

export type FoundFrame = KeptFrame & { readonly position: FramePosition };

export type FrameQuery = {
  /** Of one device, or of one link. */
  readonly of: { readonly deviceId: string } | { readonly link: string };
  readonly fromMs: number;
  readonly toMs: number;
  /** Stands, in capitals or not, in the frame's text, its hex digits, its device's id or what it decoded to. */
  readonly text: string | null;
  readonly isWanted: (frame: KeptFrame) => boolean;
  /** Only what stands before it. */
  readonly before: FramePosition | null;
  readonly limit: number;
};

export type FramePage = {
  /** The newest first. */
  readonly items: readonly FoundFrame[];
  /** Where to go on; null at the end. A page may have fewer items than asked for and yet a next. */
  readonly next: FramePosition | null;
};

export type FrameSource = {
  /** The oldest first. */
  readonly list: () => readonly FrameFile[];
  readonly read: (file: FrameFile) => Promise<Buffer>;
};

/** What one page may cost; chosen: well below a second of one core. */
const MAX_READ_BYTES = 64 * 1024 * 1024;
const MAX_PARSED = 20_000;
/** So many lines are read in one turn of the event loop; chosen, about a millisecond. */
const PARSED_A_TURN = 200;
/** By how much a gateway's clock may have been set back within a file. Chosen. */
const SLACK_MS = 3_600_000;

/** The newest frames that match, file by file from the end. Throws what reading throws. */
export async function searchFrames(source: FrameSource, query: FrameQuery): Promise<FramePage> {
  const { before, limit, of } = query;
  const needle = Buffer.from('deviceId' in of ? beginOfDevice(of.deviceId) : partOfLink(of.link));
  const matches = createMatcher(query);
  const items: FoundFrame[] = [];
  let readBytes = 0;
  let parsed = 0;
  for (const file of source.list().toReversed()) {
    if ((before !== null && file.no > before.no) || !mayHold(file, query)) continue;
    // What is left of this file and all before it is for the next page.
    if (readBytes > MAX_READ_BYTES) return { items, next: { no: file.no, offset: Number.MAX_SAFE_INTEGER } };
    const bytes = await source.read(file);
    readBytes += bytes.length;
    for (const { from, to } of findLines(bytes, needle).toReversed()) {
      const position = { no: file.no, offset: from };
      if (before !== null && file.no === before.no && from >= before.offset) continue;
      if (items.length >= limit || parsed >= MAX_PARSED) return { items, next: { no: file.no, offset: to } };
      const frame = parseLine(bytes.toString('utf8', from, to));
      if (frame !== null && matches(frame)) items.push({ ...frame, position });
      parsed += 1;
      if (parsed % PARSED_A_TURN === 0) await nextTurn();
    }
  }
  return { items, next: null };
}

function mayHold({ createdMs, endedMs }: FrameFile, { fromMs, toMs }: FrameQuery): boolean {
  return createdMs - SLACK_MS <= toMs && (endedMs === null || endedMs + SLACK_MS >= fromMs);
}

function createMatcher({ fromMs, toMs, text, isWanted }: FrameQuery): (frame: KeptFrame) => boolean {
  const wanted = text?.toLowerCase() ?? '';
  const hex = wanted.replace(/[\s:]/gu, '');
  return (frame) => {
    if (frame.at < fromMs || frame.at > toMs || !isWanted(frame)) return false;
    if (wanted === '') return true;
    return (
      frame.meaning.toLowerCase().includes(wanted) ||
      frame.deviceId?.toLowerCase().includes(wanted) === true ||
      frame.raw.toString('utf8').toLowerCase().includes(wanted) ||
      (hex !== '' && frame.raw.toString('hex').includes(hex))
    );
  };
}
