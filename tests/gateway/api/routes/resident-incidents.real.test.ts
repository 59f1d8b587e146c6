import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { ResidentIncidentPage } from '../../../../gateway/api/contract/incident.ts';
import { residentIncidentRoutes } from '../../../../gateway/api/routes/resident-incidents.ts';
import { createArchive } from '../../../../gateway/history/archive.ts';
import type { IncidentRecord, OpenIncident } from '../../../../gateway/incidents/record.ts';
import { openDatabase } from '../../../smoke/world/database.ts';
import { DAY, NOW, openIncident, resolvedIncident } from '../../incidents/build.ts';
import { startAsAdmin } from '../register-server.ts';

async function startWorld() {
  const open: OpenIncident[] = [];
  const notes: unknown[] = [];
  const server = await startAsAdmin({
    open,
    more: ({ pool, directory, caseFiles }) => [
      residentIncidentRoutes({
        ...{ directory, caseFiles, open: () => open, leaseUntil: () => null },
        loadKept: createArchive(pool).loadPersonCases,
        note: (...line) => void notes.push(line),
      }),
    ],
  });
  const database = await openDatabase(server.databaseUrl);
  await server.ask('POST', '/residents', { id: 'wang', name: 'x', region: 'yuyao' });
  const keep = async (records: readonly IncidentRecord[]): Promise<void> => {
    for (const record of records) {
      await database.rows(
        `insert into incidents (id, version, state, type, priority, region, home_id, resident_id, candidates, opened_at,
           record, audit_seq) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)`,
        [
          ...[record.id, record.version, record.state, record.type, record.priority, record.region, record.homeId],
          ...[record.residentId, record.candidates, new Date(record.openedAt), JSON.stringify(record)],
        ],
      );
    }
  };
  return { ...server, open, notes, keep, database };
}

const iso = (ms: number): string => new Date(ms).toISOString();
const ids = (body: { items: { id: string }[] }): string[] => body.items.map(({ id }) => id);

test("a person's cases of long ago and of now, the newest first, by their span, and every look is noted", async () => {
  const { ask, keep, open, notes } = await startWorld();
  const mine = { residentId: 'wang', region: 'yuyao' };
  const old = resolvedIncident({ ...mine, openedAt: NOW - 80 * DAY });
  const maybe = resolvedIncident({
    residentId: null,
    candidates: ['li', 'wang'],
    region: 'yuyao',
    openedAt: NOW - DAY,
  });
  const others = [
    resolvedIncident({ residentId: 'li', candidates: ['wang'], region: 'yuyao', openedAt: NOW - DAY }),
    resolvedIncident({ residentId: null, region: 'yuyao', openedAt: NOW }),
  ];
  const now = openIncident({ ...mine, openedAt: NOW, version: 4 });
  await keep([old, maybe, ...others, { ...now, version: 2 }]);
  open.push(now, openIncident({ residentId: 'li', openedAt: NOW }));
  const whole = await ask('GET', '/residents/wang/incidents');
  expect(whole.status).toBe(200);
  expect(Compile(ResidentIncidentPage).Check(whole.body)).toBe(true);
  expect(ids(whole.body)).toEqual([now.id, maybe.id, old.id]);
  expect(whole.body.items[0]).toMatchObject({ state: 'open', version: 4 });
  expect(whole.body.next).toBeNull();
  expect(notes).toEqual([['cases-read', expect.stringMatching(/^user:/), { residentId: 'wang' }]]);

  const span = (from: number, to: number) => ask('GET', `/residents/wang/incidents?from=${iso(from)}&to=${iso(to)}`);
  expect(ids((await span(NOW - 90 * DAY, NOW - DAY)).body)).toEqual([old.id]);
  expect(ids((await span(NOW - DAY, NOW)).body)).toEqual([maybe.id]);
  expect(ids((await span(NOW, NOW + 1)).body)).toEqual([now.id]);
});

test('pages of 200 go on without a gap, also where many opened at one moment', async () => {
  const { ask, keep } = await startWorld();
  const cases = Array.from({ length: 450 }, (_, n) =>
    resolvedIncident({ residentId: 'wang', region: 'yuyao', openedAt: NOW - Math.floor(n / 150) }),
  );
  await keep(cases);
  const seen: string[] = [];
  let cursor = '';
  for (const count of [200, 200, 50]) {
    const { body } = await ask('GET', `/residents/wang/incidents${cursor}`);
    expect(body.items).toHaveLength(count);
    seen.push(...ids(body));
    cursor = `?cursor=${body.next}`;
  }
  expect(cursor).toBe('?cursor=null');
  expect(seen.toSorted()).toEqual(cases.map(({ id }) => String(id)).toSorted());
});

test('who may not see the person, or a case of theirs, is told nothing of it', async () => {
  const { ask, keep, open, addUser, notes } = await startWorld();
  const mine = { residentId: 'wang', openedAt: NOW, isForAll: false };
  // They lived elsewhere then: that case is of another region's people.
  const [here, elsewhere] = [
    resolvedIncident({ ...mine, region: 'yuyao' }),
    resolvedIncident({ ...mine, region: 'cixi', openedAt: NOW - DAY }),
  ];
  await keep([here, elsewhere]);
  const operator = await addUser('desk', ['operator'], ['yuyao']);
  const stranger = await addUser('far', ['supervisor'], ['ningbo']);
  const helper = await addUser('legs', ['helper'], ['yuyao']);
  const path = '/residents/wang/incidents';
  expect(ids((await ask('GET', path, undefined, operator)).body)).toEqual([here.id]);
  expect(ids((await ask('GET', path)).body)).toEqual([here.id, elsewhere.id]);
  notes.length = 0;
  for (const nobody of [stranger, helper]) {
    expect((await ask('GET', path, undefined, nobody)).body.code).toBe('not-found');
  }
  expect((await ask('GET', '/residents/nobody/incidents')).body.code).toBe('not-found');
  expect((await ask('GET', path, undefined, 'no-token')).status).toBe(401);
  expect(notes).toEqual([]);
  // A case that rings for everybody opens the file, and of the cases itself alone.
  const ringing = openIncident({ ...mine, region: 'yuyao', isForAll: true });
  open.push(ringing);
  expect(ids((await ask('GET', path, undefined, stranger)).body)).toEqual([ringing.id]);
});

test('what cannot be a span or a page is refused, and a database that is away is no empty list', async () => {
  const { ask, database, notes } = await startWorld();
  const wrong = [
    ['to=yesterday', '/querystring/to'],
    [`from=${iso(NOW)}&to=${iso(NOW)}`, '/querystring/to'],
    ['cursor=x', '/querystring/cursor'],
    ['span=1', '/querystring'],
  ] as const;
  for (const [query, path] of wrong) {
    const { status, body } = await ask('GET', `/residents/wang/incidents?${query}`);
    expect([status, body.code, body.errors[0].path.slice(0, path.length)], query).toEqual([400, 'bad-request', path]);
  }
  // As far as dates go, and further.
  const ever = 'from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59-12:00';
  expect((await ask('GET', `/residents/wang/incidents?${ever}`)).status).toBe(200);
  notes.length = 0;
  await database.rows('alter table incidents rename to gone');
  expect((await ask('GET', '/residents/wang/incidents')).status).toBeGreaterThanOrEqual(500);
  expect(notes).toEqual([]);
});
