import { expect, test } from 'vitest';
import { ROWS } from '../../../scripts/bench/rows.ts';
import { COMMANDS } from '../../../scripts/zhuji/commands.ts';
import { runCommandLine } from '../../../scripts/zhuji/run.ts';

async function run(...argv: string[]): Promise<{ code: number; said: string[] }> {
  const said: string[] = [];
  const print = (text: string): void => void said.push(text);
  const code = await runCommandLine(COMMANDS, ['bench', ...argv], { env: {}, print, printError: print });
  return { code, said };
}

test('a row that there is not is wrong usage, and all that there are are named', async () => {
  const names = ROWS.map(({ name }) => name).join(', ');
  expect(await run('--row', 'acks', '--row', 'aks')).toEqual({
    code: 2,
    said: [`zhuji: There is no row aks; there are ${names}`],
  });
});

test('a quick look is not written into the README', async () => {
  const { code, said } = await run('--quick', '--write');
  expect(code).toBe(2);
  expect(said.join()).toContain('worth nothing as a figure');
});
