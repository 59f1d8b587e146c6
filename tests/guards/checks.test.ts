import { beforeEach, expect, test } from 'vitest';
import { copyProject, type ProjectCopy } from './project-copy.ts';

let copy: ProjectCopy;
beforeEach(async () => {
  copy = await copyProject();
});

const runner = (...steps: readonly string[]) => copy.run('scripts/test/main.ts', ...steps);

const FAULTS: Readonly<Record<string, string>> = {
  'gateway/planted-format.ts': `export const   planted = "1"\n`,
  'gateway/planted-lint.ts': `export const planted = () => Date.now();\n`,
  'gateway/planted-type.ts': `export const planted: number = 'text';\n`,
  'gateway/planted-enum.ts': `export enum Planted {\n  One,\n}\n`,
  'gateway/planted-browser.ts': `export const planted = () => document.title;\n`,
  'dashboard/planted.ts': `export const planted: number = document.title;\n`,
  'gateway/planted-file.ts': `export const planted = 1;\n`,
  'gateway/planted-export.ts': `export const used = () => 1;\nexport const planted = 2;\n`,
  'tests/planted.test.ts': `import { used } from '../gateway/planted-export.ts';\nused();\n`,
  'dashboard/main.tsx': `import './planted-and-missing.ts';\n`,
};

/** What each check says of its fault; what Node cannot strip and what the gateway has no types for are faults of types. */
const CAUGHT: readonly (readonly [string, readonly RegExp[]])[] = [
  ['format', [/gateway\/planted-format\.ts[^]*FAILED {2}format/]],
  ['lint', [/gateway\/planted-lint\.ts.*[^]*FAILED {2}lint/]],
  [
    'types',
    [
      /gateway\/planted-type\.ts.*TS2322/,
      /gateway\/planted-enum\.ts.*TS1294/,
      /gateway\/planted-browser\.ts.*TS2584/,
      /FAILED {2}types/,
    ],
  ],
  ['dashboard-types', [/dashboard\/planted\.ts.*TS2322/, /FAILED {2}dashboard-types/]],
  [
    'unused',
    [
      /Unused files[^]*gateway\/planted-file\.ts/,
      /Unused exports[^]*planted +gateway\/planted-export\.ts/,
      /FAILED {2}unused/,
    ],
  ],
  ['build', [/planted-and-missing[^]*FAILED {2}build/]],
];

test('each check fails for a fault of its own, says where it is, and stops no other', async () => {
  for (const [path, source] of Object.entries(FAULTS)) await copy.plant(path, source);
  const { code, output } = await runner(...CAUGHT.map(([step]) => step));
  for (const [, said] of CAUGHT) for (const pattern of said) expect(output).toMatch(pattern);
  expect(output).toMatch(/\n0 passed, 6 failed\n/);
  expect(code).toBe(1);
});

test('a failing test fails and is counted; a file that cannot be loaded too; a skipped one is named', async () => {
  const passing = `import { expect, test } from 'vitest';\ntest('passes', () => expect(1).toBe(1));\n`;
  await copy.plant('tests/passes.test.ts', passing);
  const good = await runner('unit');
  expect(good.stdout).toMatch(/ok {2}unit[^]*\n1 passed, 0 failed\n$/);
  expect(good.code).toBe(0);

  const failing = passing.replace('toBe(1)', 'toBe(2)');
  await copy.plant('tests/fails.test.ts', `${failing}test.skip('is left out', () => undefined);\n`);
  await copy.plant('tests/breaks.test.ts', `import './missing.ts';\n${passing}`);
  const bad = await runner('unit');
  expect(bad.stdout).toMatch(
    /FAILED {2}unit[^]*skipped: is left out\nfailed: passes: .*\nfailed: .*breaks\.test\.ts: .*\n1 passed, 2 failed, 1 skipped\n$/,
  );
  expect(bad.code).toBe(1);
});

test('a test among servers that fails at first and passes alone is named unstable; one that fails twice has failed', async () => {
  const failing = `import { expect, test } from 'vitest';\ntest('fails', () => expect(1).toBe(2));\n`;
  const once = `import { existsSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
test('passes at last', () => {
  const isSecond = existsSync('been-here');
  writeFileSync('been-here', '');
  expect(isSecond).toBe(true);
});
`;
  await copy.plant('tests/once.real.test.ts', once);
  const lucky = await runner('smoke');
  expect(lucky.stdout).toMatch(
    /\nonce more, alone: passes at last: .*[^]*ok {2}smoke[^]*\nunstable: passes at last: .*\n\d+ passed, 0 failed, 1 unstable\n$/,
  );
  expect(lucky.code).toBe(0);

  await copy.plant('tests/fails.real.test.ts', failing);
  const bad = await runner('smoke');
  expect(bad.stdout).toMatch(/FAILED {2}smoke[^]*\nfailed: fails: .*\n\d+ passed, 1 failed\n$/);
  expect(bad.code).toBe(1);
});

test('a run without any test fails, and a step that is not known is wrong usage', async () => {
  const none = await runner('unit');
  expect(none.stdout).toMatch(/\n0 passed, 1 failed\n$/);
  expect(none.code).toBe(1);
  expect((await runner('linnt')).code).toBe(2);
});
