import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../../scripts/zhuji/commands.ts';
import { runCommandLine } from '../../../scripts/zhuji/run.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { startRegisterServer } from '../../gateway/api/register-server.ts';
import { openPool } from '../../gateway/history/world.ts';

const SIMULATE = ['simulate', '--devices', '2', '--presses-per-hour', '0', '--seconds', '1', '--json'];
const ONE_OF_EACH = ['--model', 'generic-wearable', '--model', 'generic-pendant'];
const MINUTES_OF_TWO_DAYS = 2 * 24 * 60;
const METRICS_OF_A_WEARABLE = 4;

async function start() {
  const { databaseUrl } = await createDatabase();
  const server = await startRegisterServer({ databaseUrl, dataDir: join(await scratchDir(), 'data') });
  const dataDir = join(server.socketPath, '..');
  const simulate = async (env: Record<string, string>, ...argv: string[]) => {
    const written = { out: '', err: '' };
    const code = await runCommandLine(COMMANDS, [...SIMULATE, ...argv], {
      env: { ZHUJI_DATA: dataDir, ...env },
      print: (text) => void (written.out += text),
      printError: (text) => void (written.err += text),
    });
    return { code, ...written };
  };
  return { pool: openPool(databaseUrl), databaseUrl, simulate };
}

test('--history gives those who wear something that measures so many days behind them', async () => {
  const { pool, databaseUrl, simulate } = await start();
  const { code, err } = await simulate({ DATABASE_URL: databaseUrl }, ...ONE_OF_EACH, '--history', '2');
  expect(`${code} ${err}`).toBe('0 ');
  const { rows } = await pool.query(
    `select resident_id as who, count(*)::int as n, (extract(epoch from max(ts) - min(ts)) / 60)::int as minutes
     from observations group by 1`,
  );
  const n = MINUTES_OF_TWO_DAYS * METRICS_OF_A_WEARABLE;
  expect(rows).toEqual([{ who: 'simulated-1', n, minutes: MINUTES_OF_TWO_DAYS - 1 }]);
});

test('--history without a database at hand says so before anything is added', async () => {
  const { pool, simulate } = await start();
  const { code, err } = await simulate({}, '--history', '2');
  expect(code).toBe(2);
  expect(err).toContain('There is no database in');
  expect((await pool.query('select from devices')).rowCount).toBe(0);
});
