import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchDir } from '../../harness/scratch.ts';
import { ROOT } from './dockerfile.ts';

const DAY_S = 24 * 60 * 60;

/** The script among stand-ins for PostgreSQL's tools, which are not at hand: they write down what they are told. */
async function openFolder() {
  const [folder, tools] = [join(await scratchDir(), 'backups'), await scratchDir()];
  await mkdir(folder);
  const log = join(tools, 'log');
  await writeFile(join(tools, 'password'), 'secret\n');
  const put = (name: string, text: string) => writeFile(join(tools, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  await put(
    'pg_dump',
    `echo "pg_dump $PGPASSWORD" >> ${log}; for word; do case $word in --file=*) echo data > "\${word#--file=}";; esac; done`,
  );
  await put('psql', `echo "psql $*" >> ${log}`);
  const run = async (): Promise<number | null> => {
    const env = { PATH: `${tools}:/usr/bin:/bin`, DUMPS: folder, PGPASSWORD_FILE: join(tools, 'password') };
    const script = spawn('sh', [join(ROOT, 'scripts/install/dump.sh'), 'once'], { env, stdio: 'ignore' });
    return ((await once(script, 'close')) as [number | null])[0];
  };
  const lay = async (name: string, days: number): Promise<void> => {
    await writeFile(join(folder, name), 'old');
    const at = Date.now() / 1000 - days * DAY_S;
    await utimes(join(folder, name), at, at);
  };
  return { folder, put, run, lay, told: () => readFile(log, 'utf8') };
}

test('a dump is whole before it has its name, for its owner alone, and its time is told to the gateway', async () => {
  const { folder, run, told } = await openFolder();
  expect(await run()).toBe(0);
  const names = await readdir(folder);
  expect(names).toEqual([expect.stringMatching(/^zhuji-\d{8}T\d{6}Z\.dump$/)]);
  expect((await stat(join(folder, names[0] ?? ''))).mode & 0o777).toBe(0o600);
  expect(await told()).toMatch(/^pg_dump secret\npsql [^]*'last-backup', jsonb_build_object\('atMs', \d{13}::float8\)/);
});

test('old dumps go, also where the next one fails, but never the newest; what failed is told to nobody as done', async () => {
  const { folder, put, run, lay, told } = await openFolder();
  await lay('zhuji-20260101T000000Z.dump', 90);
  await lay('zhuji-20260201T000000Z.dump', 60);
  await lay('zhuji-20260202T000000Z.dump.part', 2);
  await lay('erasures.log', 90);
  await put('pg_dump', 'exit 1');
  expect(await run()).toBe(1);
  expect((await readdir(folder)).toSorted()).toEqual(['erasures.log', 'zhuji-20260201T000000Z.dump']);
  await expect(told()).rejects.toThrow('ENOENT');
});
