import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calcLinks, CHAIN_START } from '../../gateway/history/chain.ts';
import { createDatabase } from '../harness/postgres.ts';
import { scratchDir } from '../harness/scratch.ts';
import { until } from '../harness/until.ts';
import { openDatabase, type Database } from './world/database.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee } from './world/world.ts';

type Verified = { ok: boolean; checked: number; faultCount: number; faults: { code: string; seq: number }[] };

/** Somebody owns the database and knows how the chain is made. */
async function recompute({ rows }: Database): Promise<void> {
  const found = await rows<{ seq: string; entry: string }>('select seq, entry from audit_chain order by seq');
  const links = calcLinks(
    CHAIN_START,
    found.map(({ entry }) => entry),
  );
  for (const [n, { prev, hash }] of links.entries()) {
    await rows('update audit_chain set prev = $1, hash = $2 where seq = $3', [prev, hash, found[n]?.seq]);
  }
  await rows('update audit_head set hash = $1', [links.at(-1)?.hash]);
}

test('a change, a gap, a cut tail and a computation anew are found by zhuji audit verify, with their place', async () => {
  const { databaseUrl } = await createDatabase();
  const elsewhere = join(await scratchDir(), 'other-disk', 'heads.log');
  const { gateway, operator, feed } = await openWorld({ databaseUrl, env: { ZHUJI_AUDIT_HEADS: elsewhere } });
  const database = await openDatabase(databaseUrl);
  const { incident } = await pressAndSee(feed, await addDevice(gateway, { name: '吴奶奶' }), { type: 'sos' });
  await operator.act(incident.id, 'claim', {});
  await operator.act(incident.id, 'note', { text: 'she is well' });
  const readLines = (path: string) => readFile(path, 'utf8').catch(() => '');
  const own = join(gateway.dataDir, 'audit-heads.log');
  await until(async () => (await readLines(elsewhere)) !== '' && (await readLines(own)) !== '', {
    timeoutMs: 30_000,
    what: 'heads of the chain in two places',
  });
  const head = JSON.parse((await readLines(elsewhere)).split('\n')[0] ?? '') as { seq: number };

  const verify = async () => {
    const { code, stdout } = await gateway.zhuji('audit', 'verify', '--json');
    return { code, ...(JSON.parse(stdout) as Verified) };
  };
  const whole = await verify();
  expect(whole).toMatchObject({ code: 0, ok: true, faultCount: 0 });
  expect(whole.checked).toBeGreaterThan(8);
  const people = await database.rows<{ kind: string }>(`select entry::json ->> 'type' as kind from audit_chain`);
  expect(people.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['log-in']));

  await database.rows(`create table chain_then as select * from audit_chain`);
  const tamper = async (sql: string) => {
    await database.rows(sql);
    const found = await verify();
    expect(found).toMatchObject({ code: 1, ok: false });
    return found.faults.map(({ code, seq }) => `${code} ${seq}`);
  };
  const restore = () =>
    database.rows(
      `update audit_chain set entry = t.entry, prev = t.prev, hash = t.hash from chain_then t where t.seq = audit_chain.seq`,
    );
  expect(await tamper(`update audit_chain set entry = entry || ' ' where seq = 2`)).toContain('changed 2');
  await restore();
  expect(await verify()).toMatchObject({ ok: true });
  await database.rows(`update audit_chain set entry = replace(entry, 'sos', 'fall') where seq = ${head.seq}`);
  await database.rows(`update audit_chain set entry = replace(entry, '"at"', '"At"') where seq = 1`);
  await recompute(database);
  const computed = await verify();
  expect(computed.faults.map(({ code }) => code)).toContain('recomputed');
  expect(computed.code).toBe(1);
  await database.rows('delete from audit_chain where seq = 4');
  expect((await verify()).faults).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'gap', seq: 5 })]));
  await database.rows('delete from audit_chain where seq > 4');
  const cut = await verify();
  expect(cut.faults.map(({ code }) => code)).toContain('cut-tail');
  expect((await gateway.zhuji('audit', 'verify')).stdout).toContain('The chain is NOT whole.');
});
