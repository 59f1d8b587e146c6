import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installMissing } from '../../../scripts/setup/apt.ts';
import { isOnPath, type Need } from '../../../scripts/setup/needs.ts';
import { scratchDir } from '../../harness/scratch.ts';

const PATH = process.env['PATH'];
const isRoot = process.getuid?.() === 0;
const ring: Need = {
  name: 'ring',
  why: 'something must ring',
  aptPackage: 'ring-tools',
  isThere: () => isOnPath('ring'),
};

let folder = '';
let printed: string[] = [];
const print = (line: string) => void printed.push(line);

beforeEach(async () => {
  folder = await scratchDir();
  printed = [];
  process.env['PATH'] = folder;
});
afterEach(() => {
  process.env['PATH'] = PATH;
});

/** An apt-get that notes how it was called and, as the real one would, puts the program in its place. */
async function putApt(works: boolean): Promise<void> {
  const install = works ? `[ "$1" = install ] && : > ${folder}/ring` : 'exit 100';
  const script = `#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >> ${folder}/calls\n${install}\ntrue\n`;
  await writeFile(join(folder, 'apt-get'), script);
  await chmod(join(folder, 'apt-get'), 0o755);
}

test('what is there is not installed and not spoken of', async () => {
  await writeFile(join(folder, 'ring'), '');
  expect(await installMissing([ring], print)).toEqual([]);
  expect(printed).toEqual([]);
});

test('without apt one line says what to install', async () => {
  expect(await installMissing([ring], print)).toEqual([ring]);
  expect(printed).toEqual([
    'ring is missing (something must ring). Install it yourself, on Debian or Ubuntu: sudo apt-get install ring-tools',
  ]);
});

test.runIf(isRoot)(
  'as root it says what and why, brings the lists up to date and installs without questions',
  async () => {
    await putApt(true);
    expect(await installMissing([ring], print)).toEqual([]);
    expect(printed[0]).toMatch(/ring is missing \(something must ring\)/);
    const calls = (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
    expect(calls).toEqual([
      'noninteractive update -qq',
      'noninteractive install -y -qq --no-install-recommends ring-tools',
    ]);
  },
);

test.runIf(isRoot)('an apt that fails is said, and what is missing is still missing', async () => {
  await putApt(false);
  expect(await installMissing([ring], print)).toEqual([ring]);
  expect(printed.at(-1)).toBe('apt-get could not install: ring-tools');
});
