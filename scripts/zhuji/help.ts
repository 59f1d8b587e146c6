import type { Command } from './command.ts';

const COMMON = [
  ['--json', 'Answer as JSON'],
  ['--help', 'Show this'],
] as const;

/** All commands, one line each. */
export function formatOverview(commands: readonly Command[]): string {
  return [
    'zhuji COMMAND [options]',
    '',
    ...formatRows(commands.map(({ name, summary }) => [name, summary])),
    '',
    'zhuji COMMAND --help says more. Commands speak to the gateway of ZHUJI_URL with ZHUJI_TOKEN,',
    'else to the one that runs on the folder ZHUJI_DATA (./data). zhuji config lists all settings.',
    'Exit codes: 0 done, 1 failed, 2 wrong usage.',
  ].join('\n');
}

export function formatCommandHelp(command: Command): string {
  const { name, summary, argument, options } = command;
  const rows = Object.entries(options).map(([option, spec]): [string, string] => [
    spec.type === 'boolean' ? `--${option}` : `--${option} ${spec.value ?? 'VALUE'}`,
    `${spec.description}${spec.required === true ? ' (needed)' : ''}${spec.multiple === true ? ' (may be repeated)' : ''}`,
  ]);
  const argumentRows: [string, string][] = argument === undefined ? [] : [[argument.name, argument.description]];
  return [
    `zhuji ${name}${argument === undefined ? '' : ` ${argument.name}`} [options]`,
    '',
    summary,
    '',
    ...formatRows([...argumentRows, ...rows, ...COMMON]),
  ].join('\n');
}

function formatRows(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
