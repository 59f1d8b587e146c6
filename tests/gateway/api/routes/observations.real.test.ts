import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { Measured, Observations } from '../../../../gateway/api/contract/observations.ts';
import { observationRoutes } from '../../../../gateway/api/routes/observations.ts';
import type { OpenIncident } from '../../../../gateway/incidents/record.ts';
import { loadMetrics } from '../../../../gateway/telemetry/observations/load-metrics.ts';
import { loadPoints } from '../../../../gateway/telemetry/observations/load-points.ts';
import { ensureParts } from '../../../../gateway/telemetry/observations/parts.ts';
import { listParts, READINGS } from '../../../../gateway/telemetry/observations/days.ts';
import { makeTable } from '../../../../gateway/telemetry/observations/prepare.ts';
import { openDatabase } from '../../../smoke/world/database.ts';
import { openIncident } from '../../incidents/build.ts';
import { startAsAdmin } from '../register-server.ts';

const NOW = Date.parse('2026-11-21T02:13:00.000Z');
const HOUR_MS = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();

async function startWorld() {
  const open: OpenIncident[] = [];
  const notes: unknown[] = [];
  const server = await startAsAdmin({
    open,
    more: ({ pool, directory, caseFiles }) => [
      observationRoutes({
        ...{ directory, caseFiles, nowMs: () => NOW },
        load: (of, span) => loadPoints(pool, of, span),
        loadMetrics: (residentId, span) => loadMetrics(pool, residentId, span),
        note: (...line) => void notes.push(line),
      }),
    ],
  });
  const database = await openDatabase(server.databaseUrl);
  const db = { query: async (text: string, values: unknown[] = []) => ({ rows: await database.rows(text, values) }) };
  await makeTable(db, 'absent');
  await ensureParts(db, READINGS, listParts(READINGS, NOW - 48 * HOUR_MS, NOW));
  await server.ask('POST', '/residents', { id: 'wang', name: 'x', region: 'yuyao' });
  await server.ask('POST', '/residents', { id: 'li', name: 'y', region: 'yuyao' });
  const device = { id: 'watch-1', model: 'generic-wearable', residentIds: ['wang'] };
  expect((await server.ask('POST', '/devices', device)).status).toBe(201);
  const read = (ts: number, value: number, flags = 0, residentId = 'wang') =>
    database.rows(`insert into observations values ('watch-1', $1, $2, 'spo2', $3, $4, now())`, [
      ...[residentId, new Date(ts), value, flags],
    ]);
  return { ...server, open, notes, read, database };
}

test('a metric of a person in whole buckets, what is doubtful apart, nothing of who wore it before; and the look is noted', async () => {
  const { ask, read, notes } = await startWorld();
  await read(NOW - 10 * 60_000, 90);
  await read(NOW - 10 * 60_000 + 1, 97);
  await read(NOW - 10 * 60_000 + 2, 20, 4);
  await read(NOW - 10 * 60_000 + 3, 70, 0, 'li');
  await read(NOW - 30 * HOUR_MS, 95);
  const query = `metric=spo2&from=${iso(NOW - HOUR_MS)}&to=${iso(NOW)}&bucket=15m`;
  const { status, body } = await ask('GET', `/residents/wang/observations?${query}`);
  expect(status).toBe(200);
  expect(Compile(Observations).Check(body)).toBe(true);
  const t = '2026-11-21T02:00:00.000Z';
  expect(body).toEqual({
    ...{ metric: 'spo2', unit: '%', bucket: '15m', from: '2026-11-21T01:00:00.000Z', to: '2026-11-21T02:15:00.000Z' },
    points: [{ t, min: 90, avg: 93.5, max: 97, count: 2 }],
    flagged: [{ t, min: 20, max: 20, count: 1, flags: ['implausible'] }],
  });
  expect(notes).toEqual([
    ['observations-read', expect.stringMatching(/^user:/), { residentId: 'wang', metric: 'spo2' }],
  ]);
  // The last day when nothing is said.
  expect((await ask('GET', '/residents/wang/observations?metric=spo2')).body).toMatchObject({
    bucket: '5m',
    points: [{ count: 2 }],
  });
  expect((await ask('GET', '/residents/wang/observations?metric=mood')).body).toMatchObject({ unit: null, points: [] });
});

test('which metrics there are of a person: of a watch that somebody else wears now or that is retired too, doubtful ones too', async () => {
  const { ask, read, database, notes } = await startWorld();
  await read(NOW - 30 * HOUR_MS, 95);
  await read(NOW - 29 * HOUR_MS, 95, 0, 'li');
  const other = (metric: string, ts: number, flags: number, residentId: string | null) =>
    database.rows(`insert into observations values ('watch-1', $1, $2, $3, 7, $4, now())`, [
      ...[residentId, new Date(ts), metric, flags],
    ]);
  await other('mood', NOW - HOUR_MS, 4, 'wang');
  await other('glucose', NOW - HOUR_MS, 0, 'li');
  // Of nobody in particular: two people shared it then.
  await other('systolic', NOW - HOUR_MS, 0, null);
  await ask('PUT', '/devices/watch-1/binding', { residentIds: ['li'] });
  expect((await ask('DELETE', '/devices/watch-1')).status).toBeLessThan(300);
  const { status, body } = await ask('GET', '/residents/wang/measured');
  expect(status).toBe(200);
  expect(Compile(Measured).Check(body)).toBe(true);
  expect(body).toEqual({
    from: '2026-08-23T02:00:00.000Z',
    to: '2026-11-21T03:00:00.000Z',
    items: [
      { metric: 'mood', unit: null },
      { metric: 'spo2', unit: '%' },
    ],
  });
  expect(notes).toEqual([['observations-read', expect.stringMatching(/^user:/), { residentId: 'wang', metric: null }]]);
  const hours = `from=${iso(NOW - HOUR_MS)}&to=${iso(NOW)}`;
  expect((await ask('GET', `/residents/wang/measured?${hours}`)).body.items).toEqual([{ metric: 'mood', unit: null }]);
  const reversed = await ask('GET', `/residents/wang/measured?from=${iso(NOW)}&to=${iso(NOW)}`);
  expect([reversed.status, reversed.body.errors?.[0].path]).toEqual([400, '/querystring/to']);
  for (const beyond of ['to=9999-12-31T23:30:00Z', 'to=9999-12-31T23:59:59-12:00', 'from=0000-01-01T00:00:00Z']) {
    expect((await ask('GET', `/residents/wang/measured?${beyond}`)).body.code, beyond).toBe('bad-request');
  }
});

test('only who may read the file of a person sees their readings, and a refusal leaves no trace of a look', async () => {
  const { ask, read, addUser, notes, open } = await startWorld();
  await read(NOW - 60_000, 96);
  const path = '/residents/wang/observations?metric=spo2';
  const people = {
    operator: await addUser('desk', ['operator'], ['yuyao']),
    stranger: await addUser('far', ['supervisor'], ['cixi']),
    helper: await addUser('legs', ['helper'], ['yuyao']),
  };
  expect((await ask('GET', path, undefined, people.operator)).body.points).toHaveLength(1);
  notes.length = 0;
  for (const nobody of [people.stranger, people.helper]) {
    expect((await ask('GET', path, undefined, nobody)).body.code).toBe('not-found');
    expect((await ask('GET', '/residents/wang/measured', undefined, nobody)).body.code).toBe('not-found');
  }
  expect((await ask('GET', '/residents/nobody/observations?metric=spo2')).body.code).toBe('not-found');
  expect((await ask('GET', path, undefined, 'no-token')).status).toBe(401);
  expect(notes).toEqual([]);
  // A case that rings for everybody opens the file.
  open.push(openIncident({ residentId: 'wang', region: 'yuyao', isForAll: true }));
  expect((await ask('GET', path, undefined, people.stranger)).body.points).toHaveLength(1);
  expect(notes).toHaveLength(1);
});

test('what cannot be answered is refused with the field that is wrong, and a database that is away is no empty chart', async () => {
  const { ask, database, notes } = await startWorld();
  const long = `from=${iso(NOW - 32 * 24 * HOUR_MS)}&to=${iso(NOW)}`;
  const wrong = [
    ['', '/querystring'],
    ['metric=', '/querystring/metric'],
    ['metric=spo2&from=yesterday', '/querystring/from'],
    [`metric=spo2&from=${iso(NOW)}&to=${iso(NOW)}`, '/querystring/to'],
    ['metric=spo2&bucket=2m', '/querystring/bucket'],
    [`metric=spo2&bucket=30m&${long}`, '/querystring/bucket'],
    [`metric=spo2&bucket=1m&from=${iso(NOW - 6000 * 60_000)}&to=${iso(NOW)}`, '/querystring/bucket'],
    ['metric=spo2&offset=30', '/querystring/offset'],
    ['metric=spo2&limit=5', '/querystring'],
  ] as const;
  for (const [query, path] of wrong) {
    const { status, body } = await ask('GET', `/residents/wang/observations?${query}`);
    expect([status, body.code, body.errors?.[0].path.slice(0, path.length)], query).toEqual([400, 'bad-request', path]);
  }
  await database.rows('alter table observations rename to gone');
  for (const path of ['observations?metric=spo2', 'measured']) {
    await database.rows('alter view if exists observations_hour rename to gone_hour');
    expect((await ask('GET', `/residents/wang/${path}`)).status, path).toBeGreaterThanOrEqual(500);
  }
  expect(notes).toEqual([]);
});
