import { MAX_XDATA } from './limits.ts';
import type { Dc09Fault, Dc09Xdata } from './message.ts';
import { parseTimestamp } from './timestamp.ts';

/** What stands behind the account: `[data][x…]_time`. */
export type Dc09Body = { readonly data: string; readonly xdata: readonly Dc09Xdata[]; readonly at?: number };

const BLOCK = /\[([^\]]*)\]/y;
const TIME = /_[^_[\]]*$/;

export type ReadBody = { readonly body: Dc09Body; readonly faults: readonly Dc09Fault[] };

/** Total: what cannot be read is named and the rest counts. */
export function parseBody(text: string): ReadBody {
  const faults: Dc09Fault[] = [];
  const blocks: string[] = [];
  BLOCK.lastIndex = 0;
  let end = 0;
  for (let match = BLOCK.exec(text); match !== null && blocks.length <= MAX_XDATA; match = BLOCK.exec(text)) {
    blocks.push(match[1] ?? '');
    end = BLOCK.lastIndex;
  }
  const rest = text.slice(end);
  const time = TIME.exec(rest)?.[0];
  const at = time === undefined ? undefined : parseTimestamp(time);
  if (time !== undefined && at === undefined) faults.push({ code: 'bad-field', path: '/time' });
  if (rest !== (time ?? '')) faults.push({ code: 'bad-field', path: '/rest' });
  const [data = '', ...extra] = blocks;
  const xdata = extra
    .filter((block) => block.length > 0)
    .map((block) => {
      const letter = String.fromCodePoint(block.codePointAt(0) ?? 0);
      return { letter, text: block.slice(letter.length) };
    });
  return { body: { data, xdata, ...(at === undefined ? {} : { at }) }, faults };
}
