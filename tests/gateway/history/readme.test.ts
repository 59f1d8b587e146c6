import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { RETENTION } from '../../../gateway/history/retention.ts';

test('the table of the README tells how long each class is kept', async () => {
  const text = await readFile(new URL('../../../gateway/history/README.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` +\| (\d+) /gm)].map(([, name, days]) => [name, Number(days)]);
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(RETENTION).map(([name, { days }]) => [name, days])),
  );
});
