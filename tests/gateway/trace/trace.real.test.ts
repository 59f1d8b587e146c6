import { readdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { eraseRows } from '../../../gateway/history/erase-rows.ts';
import { inTransaction } from '../../../gateway/store/postgres.ts';
import { eraseFrames } from '../../../gateway/trace/erase-frames.ts';
import { FrameFiles } from '../../../gateway/trace/frame-files.ts';
import { formatLine } from '../../../gateway/trace/frame-line.ts';
import { searchFrames, type FrameQuery } from '../../../gateway/trace/search.ts';
import { createTrace } from '../../../gateway/trace/trace.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { openPool } from '../history/world.ts';
import { frameOf } from './frames.ts';

const DAY_MS = 86_400_000;
const MIB = 1024 * 1024;
const NOW = Date.parse('2026-11-20T12:30:00Z');

const all = (fields: Partial<FrameQuery> = {}): FrameQuery => ({
  ...{ of: { deviceId: 'd1' }, fromMs: 0, toMs: Infinity, text: null, isWanted: () => true, before: null, limit: 200 },
  ...fields,
});

async function openFiles(options: Partial<{ maxBytes: number; keptMs: number; folder: string }> = {}) {
  const folder = options.folder ?? (await scratchDir());
  const clock = { nowMs: NOW };
  const files = new FrameFiles({
    folder,
    name: 'frames',
    lastNo: () => 0,
    maxBytes: 64 * MIB,
    keptMs: 7 * DAY_MS,
    nowMs: () => clock.nowMs,
    ...options,
  });
  const add = (deviceId: string | null, text: string, fields = {}): Promise<number> =>
    files.append(Buffer.from(formatLine(frameOf(deviceId, text, fields), clock.nowMs)));
  const find = async (query = all()): Promise<string[]> =>
    (await searchFrames(files, query)).items.map(({ raw }) => raw.toString());
  return { folder, files, clock, add, find };
}

test('frames are found by device and by link, the newest first, by time and by what stands in them', async () => {
  const { clock, add, find } = await openFiles();
  await add('d1', 'first');
  await add('d10', 'of another');
  clock.nowMs += 1000;
  await add('d1', '{"type":"SOS"}');
  await add(null, 'noise', { link: 'dc09', meaning: 'wrong-crc' });
  expect(await find()).toEqual(['{"type":"SOS"}', 'first']);
  expect(await find(all({ fromMs: NOW + 1 }))).toEqual(['{"type":"SOS"}']);
  expect(await find(all({ toMs: NOW }))).toEqual(['first']);
  expect(await find(all({ text: 'sos"' }))).toEqual(['{"type":"SOS"}']);
  expect(await find(all({ text: '66 69 72 73' }))).toEqual(['first']);
  expect(await find(all({ of: { link: 'dc09' }, text: 'CRC' }))).toEqual(['noise']);
  expect(await find(all({ of: { link: 'mqtt' }, isWanted: ({ deviceId }) => deviceId === 'd10' }))).toEqual([
    'of another',
  ]);
});

test('pages follow each other without a gap or a repeat, over many files, while more is written', async () => {
  const { folder, clock, files, add } = await openFiles();
  const count = 60;
  for (let i = 0; i < count; i += 1) {
    if (i % 7 === 0) clock.nowMs += 7 * 3_600_000;
    await add(i % 3 === 0 ? 'd1' : 'd2', `frame ${i}`);
  }
  expect((await readdir(folder)).length).toBeGreaterThan(5);
  const seen: string[] = [];
  let before = all().before;
  for (let page = 0; page < 50; page += 1) {
    const { items, next } = await searchFrames(files, all({ before, limit: 3 }));
    seen.push(...items.map(({ raw }) => raw.toString()));
    await add('d1', 'newer');
    if (next === null) break;
    before = next;
  }
  const own = Array.from({ length: count / 3 }, (_, i) => `frame ${i * 3}`).toReversed();
  expect(seen).toEqual(own);
});

test('files are for the gateway alone, and are gone when their days are over', async () => {
  const { folder, files, clock, add, find } = await openFiles();
  await add('d1', 'old');
  clock.nowMs += DAY_MS;
  await add('d1', 'younger');
  const names = await readdir(folder);
  expect(names).toHaveLength(2);
  expect((await stat(folder)).mode & 0o077).toBe(0);
  for (const name of names) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  clock.nowMs = NOW + 7 * DAY_MS;
  await files.expire();
  expect(await find()).toEqual(['younger', 'old']);
  clock.nowMs = NOW + 8 * DAY_MS + 1;
  await files.expire();
  expect(await find()).toEqual(['younger']);
  clock.nowMs = NOW + 9 * DAY_MS;
  await files.expire();
  expect(await readdir(folder)).toEqual([]);
});

test('the oldest make room when there is no more of it, and the bound holds', async () => {
  const { folder, files, clock, find } = await openFiles({ maxBytes: 3 * MIB });
  let pushedOut = 0;
  for (let i = 0; i < 60; i += 1) {
    const frame = frameOf('d1', `${i} ${'x'.repeat(10_000)}`);
    const lines = Array.from({ length: 10 }, () => formatLine(frame, clock.nowMs)).join('');
    pushedOut += await files.append(Buffer.from(lines));
    const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(3 * MIB);
  }
  expect(pushedOut).toBeGreaterThan(3);
  const found = await find();
  expect(found[0]).toMatch(/^59 /u);
  expect(found.length).toBeGreaterThan(100);
});

test('after a restart the old frames are still found, behind a line that was torn, and new ones get a file of their own', async () => {
  const first = await openFiles();
  await first.add('d1', 'before');
  const [name = ''] = await readdir(first.folder);
  const torn = await readFile(join(first.folder, name), 'utf8');
  await writeFile(join(first.folder, name), `${torn}{"i":"d1","l":"mqtt","t":17`);
  const second = await openFiles({ folder: first.folder });
  await second.add('d1', 'after');
  expect(await second.find()).toEqual(['after', 'before']);
  expect(await readdir(first.folder)).toHaveLength(2);
});

test('what a power cut tore is erased too', async () => {
  const { folder, files, add } = await openFiles();
  await add('d1', 'whole');
  const [name = ''] = await readdir(folder);
  const path = join(folder, name);
  await writeFile(path, `${await readFile(path, 'utf8')}{"i":"d1","l":"mqtt","t":17,"r":"c2VjcmV0`);
  expect(await eraseFrames(files, [{ deviceId: 'd1', eventId: null, untilMs: NOW }])).toBe(2);
  expect((await readFile(path, 'utf8')).trim()).toBe('');
});

test('a folder that cannot be written costs frames and nothing else; what comes when it can is kept', async () => {
  const folder = await scratchDir();
  await writeFile(join(folder, 'trace'), 'in its place');
  const { trace } = openTrace(folder, openPool('postgres://127.0.0.1:1/none'));
  trace.frame(frameOf('d1', 'lost'));
  await expect(trace.search(all())).rejects.toMatchObject({ code: 'EEXIST' });
  expect(trace.lost()).toBe(1);
  await unlink(join(folder, 'trace'));
  trace.frame(frameOf('d1', 'kept'));
  expect((await trace.search(all())).items.map(({ raw }) => raw.toString())).toEqual(['kept']);
  await trace.stop();
});

/** Of the register is whoever is no stranger. */
function openTrace(dataDir: string, pool: ReturnType<typeof openPool>, traceMib = 64) {
  const clock = { nowMs: () => Date.now(), monoMs: () => performance.now() };
  const config = { traceDays: 7, traceMib };
  const isOfRegister = (id: string): boolean => !id.startsWith('stranger');
  return { trace: createTrace({ pool, dataDir, config, isOfRegister, clock, logger: pino({ level: 'silent' }) }) };
}

test("a stranger's flood drives out strangers alone, and both are found over a restart", async () => {
  const folder = await scratchDir();
  const pool = openPool('postgres://127.0.0.1:1/none');
  const { trace } = openTrace(folder, pool, 8);
  trace.frame(frameOf('d1', 'of a device'));
  trace.frame(frameOf('stranger-0', 'the first of them'));
  for (let round = 0; round < 10; round += 1) {
    for (let i = 0; i < 100; i += 1) trace.frame(frameOf(i % 2 === 0 ? null : 'stranger-0', 'x'.repeat(10_000)));
    await trace.search(all({ limit: 1 }));
  }
  trace.frame(frameOf('stranger-0', 'the last of them'));
  const texts = async (one: typeof trace, deviceId: string): Promise<string[]> =>
    (await one.search(all({ of: { deviceId } }))).items.map(({ raw }) => raw.toString());
  expect(await texts(trace, 'd1')).toEqual(['of a device']);
  expect((await texts(trace, 'stranger-0'))[0]).toBe('the last of them');
  expect(await texts(trace, 'stranger-0')).not.toContain('the first of them');
  await trace.stop();

  const { trace: next } = openTrace(folder, pool, 8);
  next.frame(frameOf('d1', 'after'));
  next.frame(frameOf('stranger-0', 'after'));
  expect(await texts(next, 'd1')).toEqual(['after', 'of a device']);
  expect((await texts(next, 'stranger-0')).slice(0, 2)).toEqual(['after', 'the last of them']);
  const numbers = (await readdir(join(folder, 'trace'))).map((name) => name.split('-')[1]);
  expect(new Set(numbers).size).toBe(numbers.length);
  await next.stop();
});

test("who is erased takes the frames of their devices along, at once and from the disk; others' stay", async () => {
  const { databaseUrl } = await createDatabase();
  const pool = openPool(databaseUrl);
  await pool.query(`insert into homes (id, address) values ('h', 'a'), ('h2', 'a')`);
  await pool.query(
    `insert into residents (id, home_id, name) values ('wang', 'h', 'n'), ('li', 'h', 'n'), ('zhao', 'h2', 'n')`,
  );
  for (const [device, home, resident] of [
    ['worn', null, 'wang'],
    ['shared', 'h', 'wang'],
    ['wall', 'h', null],
    ['lis', 'h', 'li'],
    ['zhaos', 'h2', 'zhao'],
  ] as const) {
    await pool.query(`insert into devices (id, model, secret_sha256) values ($1, 'm', sha256('s'))`, [device]);
    await pool.query(
      `insert into device_bindings (device_id, number, home_id, bound_from, bound_by)
       values ($1, 1, $2, now() - interval '1 day', 't')`,
      [device, home],
    );
    if (resident !== null)
      await pool.query(`insert into device_binding_residents values ($1, 1, $2)`, [device, resident]);
  }
  const dataDir = await scratchDir();
  const { trace } = openTrace(dataDir, pool);
  for (const id of ['worn', 'shared', 'wall', 'lis', 'zhaos']) trace.frame(frameOf(id, `secret of ${id}`));
  trace.frame(frameOf(null, 'of nobody'));
  // From Wang's own telephone, and from one that stays with somebody else's case.
  trace.frame(frameOf('stranger-tel', 'SMS of wang', { eventIds: ['E1'] }));
  trace.frame(frameOf('stranger-tel', 'SMS beside a case of wang', { eventIds: ['E2'] }));
  trace.frame(frameOf('stranger-tel', 'SMS of another', { eventIds: ['E3'] }));
  await trace.forgetErased();
  const texts = async (of: FrameQuery['of']): Promise<string[]> =>
    (await trace.search(all({ of }))).items.map(({ raw }) => raw.toString());
  expect(await texts({ link: 'mqtt' })).toHaveLength(9);

  await pool.query(
    `insert into incidents (id, version, state, type, priority, resident_id, opened_at, closed_at, record, audit_seq)
     values ('I1', 1, 'resolved', 'call', 2, 'wang', now(), now(), '{}', 901)`,
  );
  await pool.query(
    `insert into events (id, audit_seq, incident_id, resident_id, received_at, body, salt, hash)
     values ('E1', 902, 'I1', 'wang', now(), '{}', 's', 'h'), ('E2', 903, null, 'wang', now(), '{}', 's', 'h'),
       ('E3', 904, null, null, now(), '{}', 's', 'h')`,
  );
  await inTransaction(pool, 'test', (db) =>
    eraseRows(db, { residentId: 'wang', by: 'test', ground: 'asked for', nowMs: Date.now() }),
  );
  await trace.forgetErased();
  expect((await texts({ link: 'mqtt' })).toSorted()).toEqual([
    'SMS of another',
    'of nobody',
    'secret of lis',
    'secret of zhaos',
  ]);
  expect(await texts({ deviceId: 'worn' })).toEqual([]);
  const folder = join(dataDir, 'trace');
  const onDisk = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  for (const id of ['worn', 'shared', 'wall']) expect(onDisk.join('')).not.toContain(`"${id}"`);
  await trace.stop();
});
