import { expect, test } from 'vitest';
import { ROWS } from '../../../scripts/bench/rows.ts';
import { COMMANDS } from '../../../scripts/zhuji/commands.ts';
import { runCommandLine } from '../../../scripts/zhuji/run.ts';

test('a row that there is not is wrong usage, and all that there are are named', async () => {
  const said: string[] = [];
  const code = await runCommandLine(COMMANDS, ['bench', '--row', 'acks', '--row', 'aks'], {
    env: {},
    print: (text) => void said.push(text),
    printError: (text) => void said.push(text),
  });
  expect(code).toBe(2);
  expect(said).toEqual([`zhuji: There is no row aks; there are ${ROWS.map(({ name }) => name).join(', ')}`]);
});
