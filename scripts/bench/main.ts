// `npm run bench`: ours against the bare parts, side by side in one run. `-- --quick` for a look; `-- acks memory` for some rows;
// `-- --write` puts the table into README.md.
import { parseArgs } from 'node:util';
import { abortOnSignal } from '../stop-signals.ts';
import { chooseRows } from './choose-rows.ts';
import { ROWS } from './rows.ts';
import { runBench } from './run.ts';

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const signal = abortOnSignal();

const line = readCommandLine();
if (line === null) {
  const names = ROWS.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`);
  process.stderr.write(['Usage: npm run bench -- [--quick | --write] [ROW …]', ...names, ''].join('\n'));
  process.exitCode = 2;
} else {
  const words = process.argv.slice(2);
  const command = words.length === 0 ? 'npm run bench' : `npm run bench -- ${words.join(' ')}`;
  const result = await runBench({ ...line, command, print, signal });
  process.exitCode = result?.isWhole === true ? 0 : 1;
}

function readCommandLine() {
  try {
    const { values, positionals } = parseArgs({
      options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const chosen = chooseRows(ROWS, positionals);
    // What is worth nothing as a figure does not stand in a README.
    if ('unknown' in chosen || (values.quick && values.write)) return null;
    return { rows: chosen.rows, isQuick: values.quick, isWritten: values.write };
  } catch {
    // An option that there is not: the usage says which there are.
    return null;
  }
}
