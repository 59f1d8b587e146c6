import { spawn } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { scratchDir } from '../harness/scratch.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const COPIED = ['protocols', 'devices', 'gateway', 'dashboard', 'scripts', 'tests/harness'];
const CONFIGURATION = ['package.json', 'tsconfig.json', 'oxlint.config.ts', 'knip.config.ts', 'vitest.config.ts'];
const HIDDEN = ['.oxfmtrc.json', '.gitignore'];

/** `output` is everything, the errors last. */
type Run = { readonly code: number | null; readonly stdout: string; readonly output: string };

export type ProjectCopy = {
  readonly folder: string;
  readonly plant: (path: string, source: string) => Promise<void>;
  /** Runs a script of the copy, or a program of the shared node_modules. */
  readonly run: (script: string, ...args: readonly string[]) => Promise<Run>;
};

const LEFT_OUT = /\/dist$|\.test\.tsx?$/;

/** The project without its tests, in a folder where faults may be planted. Packages are shared. */
export async function copyProject(): Promise<ProjectCopy> {
  const folder = await scratchDir();
  for (const name of [...COPIED, ...CONFIGURATION, ...HIDDEN]) {
    await cp(join(ROOT, name), join(folder, name), { recursive: true, filter: (path) => !LEFT_OUT.test(path) });
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    async plant(path, source) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), source);
    },
    async run(script, ...args) {
      const child = spawn(process.execPath, [join(folder, script), ...args], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1' },
      });
      const code = new Promise<number | null>((resolve) => child.once('close', resolve));
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { code: await code, stdout, output: stdout + stderr };
    },
  };
}
