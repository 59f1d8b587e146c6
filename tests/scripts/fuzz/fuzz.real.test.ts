import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PLANTED = 'tests/scripts/fuzz/planted.fixture.ts';

type Ran = { readonly code: number; readonly out: string };

async function fuzz(...args: readonly string[]): Promise<Ran> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/fuzz/main.ts', ...args]);
    return { code: 0, out: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: `${stdout}${stderr}` };
  }
}

test('a decoder that throws fails the run, not the others, with the input in hex', async () => {
  const { code, out } = await fuzz(
    '--targets',
    PLANTED,
    '--only',
    'throws',
    '--only',
    'well',
    '--inputs',
    '1000',
    '--seed',
    '1',
  );
  expect(out).toMatch(/well +1000 .* ok/);
  expect(out).toMatch(
    /FAILED throws: threw \(TypeError: a closing bracket\) at input \d+ of seed 1, in hex:\n[0-9a-f]*7d/,
  );
  expect(code).toBe(1);
});

test('one that never comes back is ended, with the input in hex', async () => {
  const { code, out } = await fuzz('--targets', PLANTED, '--only', 'hangs', '--hung-ms', '5000', '--seed', '1');
  expect(out).toMatch(/FAILED hangs: hung \(5000 ms\) at input \d+ of seed 1, in hex:\n[0-9a-f]*7d/);
  expect(code).toBe(1);
});

test('one that keeps what it gets is seen to grow', async () => {
  const { code, out } = await fuzz('--targets', PLANTED, '--only', 'grows', '--inputs', '1000', '--seed', '1');
  expect(out).toContain('FAILED grows: grew');
  expect(code).toBe(1);
});

test('a name that there is not, or a number that is none, is wrong usage', async () => {
  const unknown = await fuzz('--only', 'nonsense');
  expect(unknown.out).toContain('sia-dc09 stream');
  expect(unknown.code).toBe(2);
  expect((await fuzz('--inputs', 'many')).code).toBe(2);
});
