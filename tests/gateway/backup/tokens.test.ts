import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTokens } from '../../../gateway/backup/tokens.ts';

const TEXT = Buffer.from(
  '-- first\ncopy "a" ("x") from stdin;\n1\\\\.\n\\\\.\nhealth 心\n\\.\ncopy "b" ("y") from stdin;\n\\.\n-- last\n',
);
const WANTED = [
  '-- first',
  'copy "a" ("x") from stdin;',
  '1\\\\.\n\\\\.\nhealth 心\n',
  'end',
  'copy "b" ("y") from stdin;',
  'end',
  '-- last',
];

/** Rows that came in several pieces are put together. */
async function read(chunks: readonly Buffer[]): Promise<string[]> {
  const found: string[] = [];
  let isInRows = false;
  async function* source() {
    yield* chunks;
  }
  for await (const token of readTokens(source())) {
    if (token.kind === 'rows' && isInRows) found.push(`${found.pop() ?? ''}${token.bytes.toString()}`);
    else found.push(token.kind === 'line' ? token.line : token.kind === 'rows' ? token.bytes.toString() : 'end');
    isInRows = token.kind === 'rows';
  }
  return found;
}

test('a backup is read the same however it is cut into pieces', async () => {
  expect(await read([TEXT])).toEqual(WANTED);
  expect(await read([...TEXT].map((byte) => Buffer.from([byte])))).toEqual(WANTED);
  const cuts = fc.array(fc.integer({ min: 0, max: TEXT.length }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(cuts, async (places) => {
      const sorted = [0, ...places.toSorted((a, b) => a - b), TEXT.length];
      expect(await read(sorted.slice(1).map((end, n) => TEXT.subarray(sorted[n], end)))).toEqual(WANTED);
    }),
  );
});

test('one that is cut short is never taken for whole', async () => {
  for (let length = 0; length < TEXT.length; length += 1) {
    const found = await read([TEXT.subarray(0, length)]).catch((error: Error) => error.message);
    expect(found).not.toEqual(WANTED);
  }
  await expect(read([TEXT.subarray(0, -1)])).rejects.toMatchObject({ code: 'damaged' });
  await expect(read([Buffer.from('copy "a" ("x") from stdin;\n1\n')])).rejects.toMatchObject({ code: 'damaged' });
  await expect(read([Buffer.alloc(5_000_000, 'x')])).rejects.toMatchObject({ code: 'damaged' });
});
