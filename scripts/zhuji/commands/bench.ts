import { abortOnSignal } from '../../stop-signals.ts';
import { defineCommand, UsageError } from '../command.ts';

export const bench = defineCommand({
  name: 'bench',
  summary: 'Measure this machine: ours against its bare parts, side by side; about nine minutes.',
  options: {
    row: { type: 'string', value: 'ROW', description: 'Only this one; may be said again', multiple: true },
    quick: { type: 'boolean', description: 'A look, worth nothing as a figure' },
    write: { type: 'boolean', description: 'Put the table into README.md' },
  },
  run: async ({ json, print, printError }, { row: names, quick, write }) => {
    if (quick && write) throw new UsageError('--quick is worth nothing as a figure: there is nothing to write');
    // Loaded here alone: the other commands need nothing of it and start faster.
    const { ROWS } = await import('../../bench/rows.ts');
    const { chooseRows } = await import('../../bench/choose-rows.ts');
    const { runBench } = await import('../../bench/run.ts');
    const chosen = chooseRows(ROWS, names);
    if ('unknown' in chosen) {
      throw new UsageError(
        `There is no row ${chosen.unknown.join(', ')}; there are ${ROWS.map(({ name }) => name).join(', ')}`,
      );
    }
    const words = [
      ...names.map((name) => `--row ${name}`),
      ...(quick ? ['--quick'] : []),
      ...(write ? ['--write'] : []),
    ];
    const result = await runBench({
      rows: chosen.rows,
      isQuick: quick,
      isWritten: write,
      command: ['zhuji bench', ...words].join(' '),
      print: json ? printError : print,
      signal: abortOnSignal(),
    });
    if (json && result !== null) print(JSON.stringify({ ...result.machine, lines: result.lines }));
    return result?.isWhole === true ? 0 : 1;
  },
});
