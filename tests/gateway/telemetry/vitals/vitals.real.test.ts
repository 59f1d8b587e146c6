import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../../../harness/until.ts';
import { openWire } from '../../../harness/wire.ts';
import { FaultyDisk } from '../../segments/faulty-disk.ts';
import { plainDatabase, startLane, upTo } from './lane.ts';

test('what is accepted is told to the rules and stored, once', async () => {
  const database = await plainDatabase();
  const { vitals, clock, told, accept } = await startLane(database.databaseUrl);
  const readings = [
    { metric: 'heart-rate', value: 71, at: clock.nowMs() - 5, flags: 0 },
    { metric: 'spo2', value: 97, at: clock.nowMs() - 5, flags: 2 },
  ];
  await accept('w-1', readings, clock.nowMs());
  await accept('w-1', readings, clock.nowMs() + 10);
  await database.untilStored(2);
  const { rows } = await database.client.query(
    'select device_id, resident_id, metric, value, flags, received_at from plain_observations order by metric',
  );
  const shared = { device_id: 'w-1', resident_id: 'r-w-1', received_at: new Date(clock.nowMs()) };
  expect(rows).toEqual([
    { ...shared, metric: 'heart-rate', value: 71, flags: 0 },
    { ...shared, metric: 'spo2', value: 97, flags: 2 },
  ]);
  expect(told.map(({ value }) => value)).toEqual([71, 97]);
  expect(vitals.health()).toMatchObject({ accepted: 2, repeats: 2 });
  expect(vitals.check().status).toBe('ok');
});

test('with the database away all is acknowledged, and all of it comes there later', async () => {
  const database = await plainDatabase();
  const wire = await openWire(database.databaseUrl);
  wire.set('cut');
  const { vitals, send } = await startLane(wire.url);
  await Promise.all(upTo(500).map((value) => send(value)));
  expect(await database.values()).toEqual([]);
  wire.set('whole');
  await database.untilStored(500);
  expect(await database.values()).toEqual(upTo(500));
  // While it is stored it goes away again.
  for (const round of [1, 2, 3]) {
    await Promise.all(upTo(200).map((value) => send(round * 1000 + value)));
    wire.set('cut');
    await send(round * 1000 + 200);
    wire.set('whole');
  }
  await database.untilStored(500 + 3 * 201);
  await until(() => vitals.health().thread?.writer.lateMs === 0, { timeoutMs: 30_000, what: 'the writer to be done' });
  expect(await database.values()).toHaveLength(500 + 3 * 201);
});

test('what the database has leaves the disk', async () => {
  const database = await plainDatabase();
  const { vitals, clock, dataDir, accept } = await startLane(database.databaseUrl, {
    settings: { spoolBytes: 1024 * 1024 },
  });
  const segments = async (): Promise<number> =>
    (await readdir(join(dataDir, 'spool'))).filter((name) => name.endsWith('.spool')).length;
  for (const message of upTo(150)) {
    const at = clock.nowMs() - message * 1000;
    const readings = upTo(100).map((index) => ({ metric: 'heart-rate', value: index, at: at + index, flags: 0 }));
    await accept('w-1', readings, clock.nowMs());
  }
  await database.untilStored(15_000);
  await until(async () => (await segments()) === 1, { timeoutMs: 30_000, what: 'one file to be left' });
  expect(vitals.health().shed).toEqual({ flagged: 0, everyday: 0, vital: 0 });
});

test('a thread that dies is started again, and what was acknowledged is stored once', async () => {
  const database = await plainDatabase();
  const disk = new FaultyDisk();
  const { vitals, send } = await startLane(database.databaseUrl, { disk: disk.asOption() });
  for (const round of upTo(4)) {
    const acked = Promise.all(upTo(50).map((value) => send(round * 100 + value)));
    if (round % 2 === 1) {
      disk.set('die');
      await until(() => !vitals.health().isRunning, { timeoutMs: 30_000, what: 'the thread to die' });
      disk.set('ok');
    }
    await acked;
  }
  await database.untilStored(200);
  expect(await database.values()).toEqual(upTo(4).flatMap((round) => upTo(50).map((value) => round * 100 + value)));
  expect(vitals.health().shed).toEqual({ flagged: 0, everyday: 0, vital: 0 });
});

test('a stop in the middle leaves the rest in the spool, for the next start', async () => {
  const database = await plainDatabase();
  const wire = await openWire(database.databaseUrl);
  wire.set('cut');
  const first = await startLane(wire.url);
  await Promise.all(upTo(300).map((value) => first.send(value)));
  await first.vitals.stop();
  wire.set('whole');
  const second = await startLane(wire.url, { dataDir: first.dataDir });
  await Promise.all(upTo(10).map((value) => second.send(1000 + value, 'w-2')));
  await database.untilStored(310);
  expect(await database.values()).toEqual([...upTo(300), ...upTo(10).map((value) => 1000 + value)]);
});

test('a disk that refuses costs readings, which are acknowledged, counted, told to the rules and said', async () => {
  const database = await plainDatabase();
  const disk = new FaultyDisk();
  const { vitals, send, raised, restored, told, clock } = await startLane(database.databaseUrl, {
    disk: disk.asOption(),
  });
  await send(1);
  disk.set('fail');
  await send(2);
  expect(told.map(({ value }) => value)).toEqual([1, 2]);
  expect(vitals.health().shed.vital).toBe(1);
  await until(() => raised.includes('vitals-shed'), { timeoutMs: 30_000, what: 'the incident' });
  restored.length = 0;
  await until(() => vitals.check().status === 'failed', { timeoutMs: 30_000, what: 'the thread to say it' });
  disk.set('ok');
  await send(3);
  await until(() => vitals.check().status === 'degraded', { timeoutMs: 30_000, what: 'the disk to be well' });
  expect(restored).not.toContain('vitals-shed');
  clock.advance(60_000);
  await until(() => restored.includes('vitals-shed'), { timeoutMs: 30_000, what: 'the end of the incident' });
  expect(vitals.check().status).toBe('ok');
  await database.untilStored(2);
  expect(await database.values()).toEqual([1, 3]);
});

test('behind a disk that hangs nobody waits for ever, and the door takes no more than it may hold', async () => {
  const database = await plainDatabase();
  const disk = new FaultyDisk();
  const { vitals, trySend, clock } = await startLane(database.databaseUrl, {
    disk: disk.asOption(),
    settings: { queuedBytes: 10_000 },
  });
  disk.set('hang');
  const answers = upTo(500).map((value) => trySend(value));
  const waiting = answers.filter((answer) => answer !== undefined);
  const refused = 500 - waiting.length;
  expect(refused).toBeGreaterThan(100);
  expect(vitals.health().queuedBytes).toBeLessThanOrEqual(10_000);
  expect(vitals.health().shed.vital).toBe(refused);
  await until(() => disk.fsyncsBegun() > 0, { timeoutMs: 30_000, what: 'the disk to hang' });
  clock.advance(5001);
  await Promise.all(waiting);
  expect(vitals.health().shed.vital).toBe(500);
  disk.set('ok');
});

test('a database that is ahead of the spool gets everything under a new name', async () => {
  const database = await plainDatabase();
  const wire = await openWire(database.databaseUrl);
  wire.set('cut');
  const { send, dataDir } = await startLane(wire.url);
  await Promise.all(upTo(20).map((value) => send(value)));
  const { rows } = await database.client.query('select spool from spool_cursor');
  expect(rows).toEqual([]);
  const files = await readdir(join(dataDir, 'spool'));
  expect(files).toContain('id');
  await database.client.query(`
    create function ahead() returns trigger language plpgsql as
      'begin if (select count(*) from spool_cursor) = 0 then new.position := 1000000; end if; return new; end';
    create trigger ahead before insert on spool_cursor for each row execute function ahead()`);
  wire.set('whole');
  await database.untilStored(20);
  const cursors = await database.client.query<{ spool: string }>('select spool from spool_cursor');
  expect(cursors.rows).toHaveLength(2);
});

test('a row that the database refuses is put aside and told of, and the others are stored', async () => {
  const database = await plainDatabase();
  const { vitals, clock, accept, raised, restored } = await startLane(database.databaseUrl);
  const at = clock.nowMs();
  await accept(
    'w-1',
    [
      { metric: 'poison', value: 1, at, flags: 0 },
      { metric: 'spo2', value: 2, at, flags: 0 },
    ],
    at,
  );
  await database.untilStored(1);
  await until(() => raised.includes('vitals-put-aside'), { timeoutMs: 30_000, what: 'the incident' });
  expect(vitals.check()).toMatchObject({
    status: 'degraded',
    detail: expect.stringContaining('1 rows were put aside'),
  });
  expect(vitals.health()).toMatchObject({ refused: 1, stored: 1 });
  restored.length = 0;
  clock.advance(60_000);
  await until(() => restored.includes('vitals-put-aside'), { timeoutMs: 30_000, what: 'the end of the incident' });
  expect(vitals.check().status).toBe('ok');
});
