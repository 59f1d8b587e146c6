import { BackupError } from './backup-error.ts';

/** A line outside of the rows, a piece of the rows of a table (whole lines), or their end. */
export type Token =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'rows'; readonly bytes: Buffer }
  | { readonly kind: 'end-of-rows' };

const NEW_LINE = 10;
/** A line that no row can be: COPY doubles every backslash of a value. */
const END_OF_ROWS = Buffer.from('\\.\n');
const END_BEHIND_A_ROW = Buffer.from('\n\\.\n');
/** The header names tables, columns and parts: far below it. Chosen. */
const MOST_LINE_BYTES = 4 * 1024 * 1024;

/** Cuts the text of a backup into its parts, in bounded memory. @throws BackupError `damaged` */
export async function* readTokens(source: AsyncIterable<Buffer>): AsyncGenerator<Token, void> {
  let rest: Buffer = Buffer.alloc(0);
  let isInRows = false;
  for await (const chunk of source) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      if (isInRows) {
        const end = findEndOfRows(rest);
        const until = end ?? rest.lastIndexOf(NEW_LINE) + 1;
        if (until > 0) yield { kind: 'rows', bytes: rest.subarray(0, until) };
        rest = rest.subarray(until + (end === null ? 0 : END_OF_ROWS.length));
        if (end === null) break;
        yield { kind: 'end-of-rows' };
        isInRows = false;
      } else {
        const end = rest.indexOf(NEW_LINE);
        if (end < 0 && rest.length > MOST_LINE_BYTES)
          throw new BackupError('damaged', 'A line of the backup has no end');
        if (end < 0) break;
        const line = rest.toString('utf8', 0, end);
        rest = rest.subarray(end + 1);
        yield { kind: 'line', line };
        isInRows = line.startsWith('copy ');
      }
    }
  }
  if (isInRows || rest.length > 0) throw new BackupError('damaged', 'The backup is cut short');
}

/** `rest` begins where a line does. */
function findEndOfRows(rest: Buffer): number | null {
  if (rest.subarray(0, END_OF_ROWS.length).equals(END_OF_ROWS)) return 0;
  const found = rest.indexOf(END_BEHIND_A_ROW);
  return found < 0 ? null : found + 1;
}
