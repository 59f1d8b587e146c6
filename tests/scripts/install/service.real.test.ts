import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { scratchDir } from '../../harness/scratch.ts';
import { needTool } from '../../harness/tools.ts';
import { ROOT } from './dockerfile.ts';

/** Of systemd: 0 is closed, 10 is open. */
const MOST_EXPOSED = 3;

test.for(['zhuji.service', 'zhuji-backup.service', 'zhuji-backup.timer'])(
  'systemd understands %s',
  async (unit, context) => {
    const analyze = needTool(context, 'systemd-analyze');
    const folder = await scratchDir();
    for (const name of ['zhuji.service', 'zhuji-backup.service', 'zhuji-backup.timer']) {
      const content = await readFile(join(ROOT, 'scripts/install', name), 'utf8');
      // Where it is installed to, for this once.
      await writeFile(join(folder, name), content.replaceAll('/opt/zhuji', ROOT));
    }
    const verify = await run(analyze, ['verify', '--man=no', join(folder, unit)], folder);
    expect(verify).toMatchObject({ code: 0, said: '' });
    if (unit !== 'zhuji.service') return;
    const { said } = await run(analyze, ['security', '--offline=true', join(folder, unit)], folder);
    const exposure = Number(/exposure level for zhuji\.service: ([\d.]+)/.exec(said)?.[1]);
    expect(exposure).toBeLessThan(MOST_EXPOSED);
  },
);

async function run(program: string, args: readonly string[], folder: string) {
  const env = { PATH: process.env['PATH'], SYSTEMD_UNIT_PATH: `${folder}:` };
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: code as number | null, said: `${out}${err}` };
}
