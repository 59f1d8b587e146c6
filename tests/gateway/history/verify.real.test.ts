import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { appendHead, readHeads } from '../../../gateway/history/head-file.ts';
import { loadHead } from '../../../gateway/history/chain-store.ts';
import { calcLinks, CHAIN_START } from '../../../gateway/history/chain.ts';
import type { AuditPage } from '../../../gateway/api/contract/history.ts';
import { verifyPage } from '../../../gateway/history/verify.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { addNote, openHistory, writeCase, type HistoryWorld } from './world.ts';

async function openChain() {
  const world = await openHistory();
  for (let n = 0; n < 3; n += 1) await writeCase(world.redis, { residentId: `r-${n}` });
  const data = { gatewayId: 'g', minute: 1_763_691_180_000, upS: 60, degraded: false, latenessMs: 3, faults: [] };
  await addNote(world.redis, { at: Date.now(), type: 'gateway-minute', actor: 'gateway:g', data });
  await addNote(world.redis, { at: Date.now(), type: 'log-in', actor: 'user:u1', data: {} });
  await world.takeAll();
  const path = join(await scratchDir(), 'heads.log');
  const headPaths = [path];
  const head = await loadHead(world.pool);
  if (head === null) throw new Error('no head');
  await appendHead(path, head, Date.now());
  const verify = (): Promise<AuditPage> => verifyPage({ pool: world.pool, headPaths }, 0);
  const codes = async (): Promise<string[]> => (await verify()).faults.map(({ code, seq }) => `${code} ${seq}`);
  return { ...world, path, head, verify, codes };
}

/** Chains the entries that are there anew, as somebody does who knows how and owns the database. */
async function recompute({ rows }: Pick<HistoryWorld, 'rows'>): Promise<void> {
  const found = await rows<{ seq: string; entry: string }>('select seq, entry from audit_chain order by seq');
  const links = calcLinks(
    CHAIN_START,
    found.map(({ entry }) => entry),
  );
  await rows('delete from audit_chain where seq > $1', [links.length]);
  for (const [n, { seq, prev, hash }] of links.entries()) {
    const old = found[n];
    await rows('update audit_chain set seq = $1, prev = $2, hash = $3 where seq = $4', [seq, prev, hash, old?.seq]);
  }
  const last = links.at(-1);
  await rows('update audit_head set seq = $1, hash = $2', [last?.seq, last?.hash]);
}

describe('The chain', () => {
  test('that nobody touched has no fault', async () => {
    const { verify, head } = await openChain();
    const page = await verify();
    expect(page).toMatchObject({ checked: 17, next: null, faults: [], erasures: [], headsCompared: 1 });
    expect(page.head).toEqual({ seq: 17, hash: head.hash.toString('hex') });
  });

  test('any byte that changes in any entry is found, and where', async () => {
    const world = await openChain();
    const found = await world.rows<{ seq: string; entry: string }>('select seq, entry from audit_chain');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...found), fc.nat(), fc.nat({ max: 94 }), async (row, at, letter) => {
        const place = at % row.entry.length;
        const changed = row.entry.slice(0, place) + String.fromCharCode(32 + letter) + row.entry.slice(place + 1);
        if (changed === row.entry) return;
        await world.rows('update audit_chain set entry = $1 where seq = $2', [changed, row.seq]);
        expect(await world.codes()).toContain(`changed ${row.seq}`);
        await world.rows('update audit_chain set entry = $1 where seq = $2', [row.entry, row.seq]);
      }),
      { numRuns: 60 },
    );
    expect(await world.codes()).toEqual([]);
  });

  test('a changed hash, a gap and an entry put between show', async () => {
    const world = await openChain();
    await world.rows(`update audit_chain set hash = sha256('x') where seq = 5`);
    expect(await world.codes()).toEqual(['changed 5', 'unlinked 6']);
    const gap = await openChain();
    await gap.rows('delete from audit_chain where seq in (4, 5)');
    expect((await gap.verify()).faults[0]).toEqual({ code: 'gap', seq: 6, detail: '2 entries from 4 on are gone' });
    const first = await openChain();
    await first.rows('delete from audit_chain where seq = 1');
    expect(await first.codes()).toContain('gap 2');
  });

  test('a tail that was cut shows, also when the head was set to the new end', async () => {
    const world = await openChain();
    await world.rows('delete from audit_chain where seq > 15');
    expect(await world.codes()).toEqual(['cut-tail 17', 'cut-tail 16', 'row-foreign 16']);
    await world.rows(
      'update audit_head set (seq, hash) = (select seq, hash from audit_chain order by seq desc limit 1)',
    );
    await world.rows('delete from gateway_minutes');
    expect(await world.codes()).toEqual(['cut-tail 17']);
  });

  test('that was computed anew from end to end differs from the head written elsewhere', async () => {
    const world = await openChain();
    await world.rows(`update audit_chain set entry = replace(entry, 'user:u1', 'user:u2') where kind = 'audit'`);
    await recompute(world);
    expect(await world.codes()).toEqual(['recomputed 17']);
    // With an entry less it is shorter, too.
    await world.rows(`delete from audit_chain where kind = 'audit'`);
    await recompute(world);
    expect(await world.codes()).toEqual(['cut-tail 17']);
  });

  test('without any one of its entries, or with another in its place, and computed anew, differs from that head too', async () => {
    const world = await openChain();
    await world.rows('create table kept as table audit_chain');
    await world.rows('create table kept_head as table audit_head');
    const tampered = ['delete from audit_chain where seq = $1', `update audit_chain set entry = '{}' where seq = $1`];
    for (const sql of tampered) {
      for (let seq = 1; seq <= world.head.seq; seq += 1) {
        await world.rows(sql, [seq]);
        await recompute(world);
        const codes = await world.codes();
        expect(codes.some((code) => /^(recomputed|cut-tail) 17$/.test(code))).toBe(true);
        await world.rows('delete from audit_chain');
        await world.rows('insert into audit_chain select * from kept');
        await world.rows('update audit_head set (seq, hash) = (select seq, hash from kept_head)');
      }
    }
    expect(await world.codes()).toEqual([]);
  });

  test('is verified in pieces as well as whole', async () => {
    const world = await openChain();
    const whole = await verifyPage({ pool: world.pool, headPaths: [world.path] }, 6);
    expect(whole).toMatchObject({ checked: 11, faults: [], next: null });
    await world.rows(`update audit_chain set hash = sha256('x') where seq = 6`);
    expect((await verifyPage({ pool: world.pool, headPaths: [] }, 6)).faults).toEqual([
      { code: 'unlinked', seq: 7, detail: 'does not hold the hash of entry 6' },
    ]);
  });
});

describe('The tables', () => {
  const TAMPERED: readonly (readonly [what: string, sql: string, fault: RegExp])[] = [
    ['a line is changed', `update incident_log set actor = 'user:u7' where audit_seq = 4`, /^row-changed 4$/],
    [
      'words of a line are changed',
      `update incident_log set entry = replace(entry, 'u1', 'u2') where type = 'note'`,
      /^row-changed/,
    ],
    ['a time is moved', `update incident_log set at = at + interval '1 ms' where audit_seq = 3`, /^row-changed 3$/],
    ['a line is removed', 'delete from incident_log where audit_seq = 5', /^row-missing 5$/],
    [
      'a line is put in',
      `insert into incident_log select 17, 'x', entry_hash, incident_id, at, type, actor, ref, entry from incident_log limit 1`,
      /^row-foreign 17$/,
    ],
    [
      'an incident is closed otherwise',
      `update incidents set record = replace(record, 'helped', 'other')`,
      /^row-changed/,
    ],
    ['an incident gets another person', `update incidents set resident_id = 'r-9'`, /^row-changed/],
    ['an incident is removed', `delete from incidents where resident_id = 'r-1'`, /^row-missing/],
    ['a frame is changed', `update events set body = replace(body, 'sos', 'test')`, /^frame-changed/],
    ['a frame is removed', 'delete from events where audit_seq = 2', /^row-missing 2$/],
    ['its hash is changed too', `update events set body = 'x', salt = '', hash = 'x'`, /^row-changed/],
    ['words are changed', `update personal_texts set said = replace(said, 'she', 'he')`, /^words-changed/],
    [
      'words are taken away without a word',
      `update personal_texts set said = null, salt = null, erased_at = now(), erased_why = 'erasure'`,
      /^erased-without-trace/,
    ],
    ['a minute is made better', 'update gateway_minutes set lateness_ms = 0', /^row-changed 16$/],
  ];
  test.each(TAMPERED)('%s: it is found', async (_what, sql, fault) => {
    const world = await openChain();
    await world.rows(sql);
    const codes = await world.codes();
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.filter((code) => !fault.test(code))).toEqual([]);
  });
});

test('heads are appended, a line that was cut short swallows none', async () => {
  const path = join(await scratchDir(), 'deep', 'heads.log');
  const list = async () => {
    const heads = [];
    for await (const head of readHeads(path)) heads.push(head);
    return heads;
  };
  expect(await list()).toEqual([]);
  await appendHead(path, { seq: 1, hash: Buffer.from('aa', 'hex') }, 0);
  await appendFile(path, '{"seq":2,"ha');
  await appendHead(path, { seq: 3, hash: Buffer.from('cc', 'hex') }, 0);
  expect(await list()).toEqual([
    { seq: 1, hash: 'aa' },
    { seq: 3, hash: 'cc' },
  ]);
  expect(await readFile(path, 'utf8')).toMatch(/^\{"at":"1970-01-01T00:00:00.000Z","seq":1,"hash":"aa"\}\n/);
  await writeFile(path, 'null\n7\n{"seq":"1","hash":"x"}\n{"seq":1.5,"hash":"x"}\n');
  expect(await list()).toEqual([]);
});
