import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { createArchive } from '../../../gateway/history/archive.ts';
import { createArchivedStore } from '../../../gateway/history/archived-store.ts';
import { buildListQuery } from '../../../gateway/history/list-query.ts';
import { isInScope } from '../../../gateway/api/auth/scope.ts';
import { PAGE_SIZE, type ListCursor, type ListQuery } from '../../../gateway/incidents/list.ts';
import type { IncidentRecord } from '../../../gateway/incidents/record.ts';
import { createIncidentStore } from '../../../gateway/incidents/store.ts';
import { REDIS_KEYS } from '../../../gateway/store/keys.ts';
import { NOW, resolvedIncident } from '../incidents/build.ts';
import { openHistory } from './world.ts';

const CASES = 50_000;
const RESOLVED = new Set(['resolved'] as const);

type Node = { readonly [key: string]: unknown; readonly Plans?: readonly Node[] };

/** Rows that a statement took from tables and indexes, those that it threw away included. */
function countRead(node: Node): number {
  const { 'Actual Rows': rows, 'Actual Loops': loops, 'Rows Removed by Filter': removed } = node;
  const own = node['Relation Name'] === undefined ? 0 : (Number(rows) + Number(removed ?? 0)) * Number(loops);
  return own + (node.Plans ?? []).reduce((sum, plan) => sum + countRead(plan), 0);
}

/** The oldest 1000 lie in a town; of the others 1 of 500 in the west and 1 of 1000 in no region. 1 of 1000 is for all. One a second. */
async function fill(pool: Pool): Promise<void> {
  const region = `case when n > 49000 then 'town' when n % 500 = 0 then 'city/west/mill' when n % 1000 = 1 then null else 'city/east/c' || n % 40 end`;
  const [head = '', tail = ''] = JSON.stringify({
    ...resolvedIncident(),
    id: '',
    region: 'REGION',
    openedAt: 0,
    isForAll: false,
  })
    .replace('"openedAt":0', 'OPENED')
    .split('"id":""');
  await pool.query(
    `insert into incidents (id, version, state, type, priority, region, opened_at, record, audit_seq)
     select id, 3, 'resolved', 'sos', 1, region, to_timestamp(opened / 1000.0),
       $1::text || '"id":"' || id || '"' || replace(replace(replace($2, '"REGION"', coalesce('"' || region || '"', 'null')),
         'OPENED', '"openedAt":' || opened), '"isForAll":false', '"isForAll":' || (n % 1000 = 2)), n
     from (select n, 'inc-' || lpad(n::text, 8, '0') as id, $3::bigint - n * 1000 as opened, ${region} as region
       from generate_series(1, $4::int) as n) as made`,
    [head, tail, NOW, CASES],
  );
  await pool.query('analyze incidents');
}

const WHO: readonly [string, Omit<ListQuery, 'isWanted' | 'states'>, number][] = [
  ['everything', { scopes: ['*'], everybodys: false }, CASES],
  ['a city', { scopes: ['city'], everybodys: false }, CASES - 1049],
  ['a street with few cases, and what is everybody’s', { scopes: ['city/west'], everybodys: true }, 98 + 49 + 50],
  ['a community', { scopes: ['city/west/mill'], everybodys: false }, 98],
  [
    'many communities',
    { scopes: ['city/west/mill', 'city/east/c1', 'city/east/c2'], everybodys: false },
    98 + 2 * 1200,
  ],
  ['a city whose cases are all old', { scopes: ['town'], everybodys: false }, 1000],
  ['a place without cases', { scopes: ['village'], everybodys: false }, 0],
];

/** Where pages begin: the newest, the middle and far back. */
const BEGINNINGS: readonly (ListCursor | null)[] = [
  null,
  ...[25_000, CASES - 300].map((n) => ({ openedAt: NOW - n * 1000, id: `inc-${n.toString().padStart(8, '0')}` })),
];

test('of 50,000 closed cases a page reads about as many rows as it shows, whoever asks and wherever it begins', async () => {
  const world = await openHistory();
  await fill(world.pool);
  const archived = createArchivedStore(createIncidentStore(world.redis, REDIS_KEYS.alarms), createArchive(world.pool));

  async function countOf(query: ListQuery, after: ListCursor | null): Promise<number> {
    const { text, values } = buildListQuery(query, after, PAGE_SIZE + 1);
    const [row] = await world.rows<{ plan: string }>(`explain (analyze, format json) ${text}`, values);
    const [plan] = Object.values(row ?? {});
    return countRead((plan as unknown as [{ Plan: Node }])[0].Plan);
  }

  for (const [who, reach, total] of WHO) {
    const isWanted = ({ region, isForAll }: IncidentRecord): boolean =>
      (region === null || isForAll) && reach.everybodys
        ? true
        : region !== null
          ? isInScope(reach.scopes, region)
          : reach.scopes.includes('*');
    const query: ListQuery = { ...reach, states: RESOLVED, isWanted };
    for (const after of BEGINNINGS) {
      expect(await countOf(query, after), who).toBeLessThanOrEqual((reach.scopes.length + 2) * (PAGE_SIZE + 1));
    }
    const seen = new Set<string>();
    let after: ListCursor | null = null;
    for (let pages = 0; pages < 3 && (pages === 0 || after !== null); pages += 1) {
      const page = await archived.loadPage(query, after);
      for (const { id } of page.items) seen.add(id);
      after = page.next;
    }
    expect(seen.size, who).toBe(Math.min(total, 3 * PAGE_SIZE));
  }
});
