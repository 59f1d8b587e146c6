import type { Frame, FramePage } from '../../gateway/api/contract/frames.ts';
import type { Client } from './client.ts';
import { type Context, type Options, UsageError, type Values } from './command.ts';

/** What both commands that show frames take. */
export const FRAME_OPTIONS = {
  since: {
    type: 'string',
    value: 'TIME',
    description: 'ISO time, or how long ago: 30m, 24h, 7d; default all that is kept',
  },
  until: { type: 'string', value: 'TIME', description: 'The same; default now' },
  text: { type: 'string', value: 'TEXT', description: 'Stands in its text, its hex digits or its meaning' },
  limit: { type: 'string', value: 'N', description: 'At most so many; default 200' },
} as const satisfies Options;

const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const MAX_LIMIT = 1_000_000;
/** Bytes that a line shows; `--json` has all of them. */
const SHOWN_BYTES = 256;

/** @throws UsageError */
export function readSince(name: string, text: string, nowMs: number): string {
  const ago = /^(\d{1,5})([mhd])$/u.exec(text);
  if (ago !== null) return new Date(nowMs - Number(ago[1]) * UNITS_MS[ago[2] as keyof typeof UNITS_MS]).toISOString();
  const atMs = Date.parse(text);
  if (!/^\d{4}-\d{2}-\d{2}/u.test(text) || Number.isNaN(atMs)) {
    throw new UsageError(`--${name} takes an ISO time, or how long ago: 30m, 24h, 7d`);
  }
  return new Date(atMs).toISOString();
}

/** The newest first, page by page. `path` has no query or ends in one. @throws UsageError, ClientError, ProblemAnswer */
export async function loadFrames(
  client: Client,
  path: string,
  values: Values<typeof FRAME_OPTIONS>,
): Promise<{ readonly items: readonly Frame[]; readonly gatewayId: string; readonly lost: number }> {
  const limit = values.limit === undefined ? 200 : Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new UsageError(`--limit takes a number from 1 to ${MAX_LIMIT}`);
  }
  const nowMs = Date.now();
  const query = new URLSearchParams();
  if (values.since !== undefined) query.set('from', readSince('since', values.since, nowMs));
  if (values.until !== undefined) query.set('to', readSince('until', values.until, nowMs));
  if (values.text !== undefined) query.set('text', values.text);
  const items: Frame[] = [];
  for (;;) {
    const page: FramePage = await client.request('GET', `${path}${path.includes('?') ? '&' : '?'}${query.toString()}`);
    items.push(...page.items);
    if (page.next === null || items.length >= limit) {
      return { items: items.slice(0, limit), gatewayId: page.gatewayId, lost: page.lost };
    }
    query.set('cursor', page.next);
  }
}

/** One JSON array, or three lines a frame. */
export function printFrames(
  { json, print, printError }: Pick<Context, 'json' | 'print' | 'printError'>,
  { items, gatewayId, lost }: Awaited<ReturnType<typeof loadFrames>>,
): void {
  if (json) print(JSON.stringify(items));
  else if (items.length === 0) print(`Gateway ${gatewayId} keeps no such frame.`);
  else print(items.map(formatFrame).join('\n\n'));
  if (lost > 0) printError(`Gateway ${gatewayId} could not keep ${lost} frames since its start.`);
}

function formatFrame({ at, direction, link, peer, deviceId, meaning, eventIds, hex, text, isCut }: Frame): string {
  const bytes = hex.match(/../gu) ?? [];
  const isMore = isCut || bytes.length > SHOWN_BYTES;
  return [
    `${at}  ${direction}  ${link}  ${peer}  ${deviceId ?? '(nobody)'}  ${[meaning, ...eventIds].join('  ')}`,
    `  hex   ${bytes.slice(0, SHOWN_BYTES).join(' ')}${isMore ? ' …' : ''}`,
    `  text  ${text.slice(0, SHOWN_BYTES)}${isMore ? ' …' : ''}`,
  ].join('\n');
}
