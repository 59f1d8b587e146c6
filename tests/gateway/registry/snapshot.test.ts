import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EMPTY_ROWS } from '../../../gateway/registry/rows.ts';
import { loadSnapshot, saveSnapshot } from '../../../gateway/registry/snapshot.ts';

const FILE = 'register.snapshot.json';
let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'snapshot-'));
});
afterEach(() => rm(dir, { recursive: true }));

const rows = { ...EMPTY_ROWS, revision: 7, sessionKey: 'key' };

test('what was saved is loaded, and nobody else may read it', async () => {
  await saveSnapshot(dir, rows, 1234);
  expect(await loadSnapshot(dir)).toEqual({ rows, savedAt: 1234 });
  expect((await stat(join(dir, FILE))).mode & 0o777).toBe(0o600);
  expect(await readdir(dir)).toEqual([FILE]);
});

test('no snapshot is an answer, not an error', async () => {
  expect(await loadSnapshot(dir)).toBeUndefined();
});

test('a cut snapshot is refused at every length', async () => {
  await saveSnapshot(dir, rows, 1234);
  const { length } = await readFile(join(dir, FILE));
  for (let size = length - 1; size >= 0; size -= 7) {
    await truncate(join(dir, FILE), size);
    await expect(loadSnapshot(dir)).rejects.toMatchObject({ code: 'snapshot-unreadable' });
  }
});

test('a snapshot of another version or shape is refused', async () => {
  for (const content of [
    { version: 3, savedAt: 1, rows },
    { version: 2, savedAt: 1, rows: { revision: 1 } },
    { version: 1, savedAt: 1, rows: { revision: 1 } },
    { version: 0, savedAt: 1, rows },
    [],
    null,
  ]) {
    await writeFile(join(dir, FILE), JSON.stringify(content));
    await expect(loadSnapshot(dir)).rejects.toMatchObject({ code: 'snapshot-unreadable' });
  }
});

test('a new snapshot replaces the file of an interrupted one', async () => {
  await writeFile(join(dir, `${FILE}.new`), 'half', { mode: 0o644 });
  await saveSnapshot(dir, rows, 1);
  expect((await loadSnapshot(dir))?.rows.revision).toBe(7);
  expect((await stat(join(dir, FILE))).mode & 0o777).toBe(0o600);
});

test('a snapshot of the first version is read in today’s form', async () => {
  const { statuses: _, ...old } = rows;
  const device = { model: 'generic-pendant', retiredAt: null, secretSha256: 'ab'.repeat(32) };
  const content = {
    version: 1,
    savedAt: 5,
    rows: {
      ...old,
      devices: [
        { id: 'd1', homeId: 'h1', place: 'hall', ...device },
        { id: 'd2', homeId: null, place: null, ...device },
      ],
      bindings: [
        { deviceId: 'd1', residentId: 'r1' },
        { deviceId: 'd1', residentId: 'r2' },
      ],
    },
  };
  await writeFile(join(dir, FILE), JSON.stringify(content));
  const found = await loadSnapshot(dir);
  expect(found).toMatchObject({ savedAt: 5, rows: { revision: 7, sessionKey: 'key', statuses: [] } });
  expect(found?.rows.bindings).toEqual([
    { deviceId: 'd1', number: 1, homeId: 'h1', place: 'hall', residentIds: ['r1', 'r2'], from: 0, until: null },
    { deviceId: 'd2', number: 1, homeId: null, place: null, residentIds: [], from: 0, until: null },
  ]);
});
