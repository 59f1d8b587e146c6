import { join } from 'node:path';
import { createPool } from '../../gateway/store/postgres.ts';
import { checkBackup } from '../../gateway/backup/read-backup.ts';
import { restoreBackup, type Restored } from '../../gateway/backup/restore-backup.ts';
import { findKnownSeq, putHeadsAside } from '../../gateway/backup/known-heads.ts';
import { systemClock } from '../../gateway/clock.ts';
import { isFaulty, type Config } from '../../gateway/config.ts';
import { ConfigError } from '../../gateway/config-error.ts';
import { createEmbedded } from '../../gateway/embedded/embedded.ts';
import { verifyPage } from '../../gateway/history/verify.ts';
import { createLogger } from '../../gateway/log.ts';
import { loadConfigWithFiles } from '../../gateway/secret-files.ts';
import type { Context } from './command.ts';

/** What `zhuji restore` does; answers its exit code. */
export async function restoreSite({ env, json, print }: Context, isDryRun: boolean, path: string): Promise<number> {
  const config = await loadConfigWithFiles(env);
  if (isFaulty(config)) throw new ConfigError(config);
  if (isDryRun) {
    const { header, rows } = await checkBackup(path);
    const told = { at: header.at, head: header.head, rows: sum(rows), tables: rows };
    print(json ? JSON.stringify({ dryRun: true, ...told }) : `${path}: whole, of ${told.at}, ${told.rows} rows.`);
    return 0;
  }
  const headPaths = [
    join(config.dataDir, 'audit-heads.log'),
    ...(config.auditHeads === null ? [] : [config.auditHeads]),
  ];
  const nowMs = systemClock.nowMs();
  const { restored, knownSeq, faults } = await onDatabase(config, async (databaseUrl) => {
    const known = await findKnownSeq(headPaths);
    const actor = `local:${process.getuid?.() ?? 0}`;
    const done = await restoreBackup({ databaseUrl, path, actor, nowMs, knownSeq: known });
    return { restored: done, knownSeq: known, faults: await countFaults(databaseUrl) };
  });
  const aside = await putHeadsAside(headPaths, nowMs);
  const lost = Math.max(0, knownSeq - restored.header.head.seq);
  if (json) {
    print(
      JSON.stringify({
        ...tell(restored),
        lostEntries: lost,
        headsAside: aside,
        ok: faults === 0,
        faultCount: faults,
      }),
    );
    return faults === 0 ? 0 : 1;
  }
  print(`Restored ${sum(restored.rows)} rows as of ${restored.header.at}. Everybody logs in anew.`);
  if (lost > 0) print(`${lost} entries of the audit chain are known to have come after it.`);
  for (const name of aside) print(`Heads of the chain as it was before: ${name}`);
  print(faults === 0 ? 'The chain is whole.' : `The chain is NOT whole: ${faults} faults; see zhuji audit verify.`);
  return faults === 0 ? 0 : 1;
}

/** The configured server, else one of our own on the data folder, which no gateway may hold. */
async function onDatabase<T>(config: Config, work: (databaseUrl: string) => Promise<T>): Promise<T> {
  const logger = createLogger({ level: 'error' });
  const isOurs = config.databaseUrl === null;
  const { dataDir } = config;
  const embedded = createEmbedded({ dataDir, logger, clock: systemClock, postgres: isOurs, redis: false });
  const { databaseUrl } = await embedded.start();
  try {
    return await work(config.databaseUrl ?? databaseUrl ?? '');
  } finally {
    await embedded.stop();
  }
}

async function countFaults(databaseUrl: string): Promise<number> {
  const logger = createLogger({ level: 'error' });
  const pool = createPool({ databaseUrl, applicationName: 'zhuji-backup', logger });
  try {
    let faults = 0;
    for (let after: number | null = 0; after !== null;) {
      const page: Awaited<ReturnType<typeof verifyPage>> = await verifyPage({ pool, headPaths: [] }, after);
      faults += page.faults.length;
      after = page.next;
    }
    return faults;
  } finally {
    await pool.end();
  }
}

function tell({ header, rows }: Restored) {
  return { at: header.at, head: header.head, rows: sum(rows) };
}

function sum(rows: Readonly<Record<string, number>>): number {
  return Object.values(rows).reduce((total, next) => total + next, 0);
}
