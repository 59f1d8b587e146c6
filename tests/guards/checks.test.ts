import { beforeEach, expect, test } from 'vitest';
import { copyProject, type ProjectCopy } from './project-copy.ts';

let copy: ProjectCopy;
beforeEach(async () => {
  copy = await copyProject();
});

const runner = (...steps: readonly string[]) => copy.run('scripts/test/main.ts', ...steps);

test('a file that is not formatted fails', async () => {
  await copy.plant('gateway/planted.ts', `export const   planted = "1"\n`);
  const { code, output } = await runner('format');
  expect(output).toMatch(/gateway\/planted\.ts[^]*FAILED {2}format[^]*0 passed, 1 failed\n$/);
  expect(code).toBe(1);
});

test('a broken lint rule fails', async () => {
  await copy.plant('gateway/planted.ts', `export const planted = () => Date.now();\n`);
  const { code, output } = await runner('lint');
  expect(output).toMatch(/gateway\/planted\.ts[^]*FAILED {2}lint/);
  expect(code).toBe(1);
});

test('a wrong type fails; so does syntax that Node cannot strip', async () => {
  await copy.plant('gateway/planted.ts', `export const planted: number = 'text';\n`);
  await copy.plant('gateway/planted-enum.ts', `export enum Planted {\n  One,\n}\n`);
  const { code, output } = await runner('types');
  expect(output).toMatch(/gateway\/planted\.ts.*TS2322/);
  expect(output).toMatch(/gateway\/planted-enum\.ts.*TS1294/);
  expect(output).toMatch(/FAILED {2}types/);
  expect(code).toBe(1);
});

test('a wrong type in the dashboard fails, and the gateway has no browser types', async () => {
  await copy.plant('dashboard/planted.ts', `export const planted: number = document.title;\n`);
  await copy.plant('gateway/planted.ts', `export const planted = () => document.title;\n`);
  const { code, output } = await runner('types', 'dashboard-types');
  expect(output).toMatch(/dashboard\/planted\.ts.*TS2322/);
  expect(output).toMatch(/gateway\/planted\.ts.*TS2584/);
  expect(output).toMatch(/FAILED {2}dashboard-types/);
  expect(code).toBe(1);
});

test('an unused file, export and package fail', async () => {
  await copy.plant('gateway/planted-file.ts', `export const planted = 1;\n`);
  await copy.plant('tests/planted.test.ts', `import { used } from '../gateway/planted.ts';\nused();\n`);
  await copy.plant('gateway/planted.ts', `export const used = () => 1;\nexport const planted = 2;\n`);
  const { code, output } = await runner('unused');
  expect(output).toMatch(/Unused files[^]*gateway\/planted-file\.ts/);
  expect(output).toMatch(/Unused exports[^]*planted +gateway\/planted\.ts/);
  expect(output).toMatch(/FAILED {2}unused/);
  expect(code).toBe(1);
});

test('a page that cannot be built fails', async () => {
  await copy.plant('dashboard/main.tsx', `import './planted-and-missing.ts';\n`);
  const { code, output } = await runner('build');
  expect(output).toMatch(/planted-and-missing[^]*FAILED {2}build/);
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
