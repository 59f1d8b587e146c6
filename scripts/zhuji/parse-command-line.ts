import { parseArgs } from 'node:util';
import { type Command, UsageError } from './command.ts';

export type ParsedLine =
  | { readonly kind: 'help'; readonly command: Command | undefined; readonly isAskedFor: boolean }
  | {
      readonly kind: 'run';
      readonly command: Command;
      readonly values: Readonly<Record<string, unknown>>;
      readonly argument: string;
      readonly json: boolean;
    };

/** Finds the command and its values. Pure. @throws UsageError */
export function parseCommandLine(commands: readonly Command[], argv: readonly string[]): ParsedLine {
  const words = argv.slice(0, 2).filter((word) => !word.startsWith('-'));
  const command = [words.join(' '), words[0]]
    .map((name) => commands.find((candidate) => candidate.name === name))
    .find((found) => found !== undefined);
  if (command === undefined) {
    const isAskedFor = argv.includes('--help') || argv.includes('-h') || argv[0] === 'help';
    if (isAskedFor || argv.length === 0) return { kind: 'help', command: undefined, isAskedFor };
    const siblings = commands.filter(({ name }) => name.startsWith(`${argv[0]} `)).map(({ name }) => name);
    throw new UsageError(
      siblings.length > 0
        ? `Say what to do: ${siblings.map((name) => `zhuji ${name}`).join(', ')}`
        : `There is no command "${argv[0]}". zhuji --help lists them.`,
    );
  }
  const { values, positionals } = parse(command, argv.slice(command.name.split(' ').length));
  if (values['help'] === true) return { kind: 'help', command, isAskedFor: true };
  const { help: _, json, ...own } = values;
  const most = command.argument === undefined ? 0 : 1;
  if (positionals.length > most) throw new UsageError(`Too many arguments: ${positionals.slice(most).join(' ')}`);
  if (positionals.length < most && command.argument?.optional !== true)
    throw new UsageError(`zhuji ${command.name} needs ${command.argument?.name}`);
  return {
    kind: 'run',
    command,
    values: fillIn(command, own),
    argument: positionals[0] ?? '',
    json: json === true,
  };
}

function parse(command: Command, args: readonly string[]) {
  const own = Object.entries(command.options).map(([name, { type, multiple }]) => [
    name,
    { type, multiple: multiple === true },
  ]);
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...(Object.fromEntries(own) as Record<string, { type: 'string' | 'boolean'; multiple: boolean }>),
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    // Node explains more than a line; the first says what is wrong.
    const [line = ''] = error instanceof Error ? error.message.split(/\. |\n/) : [];
    throw new UsageError(`${line.replace(/\.$/, '')}. zhuji ${command.name} --help lists the options.`);
  }
}

function fillIn(command: Command, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const missing = Object.entries(command.options)
    .filter(([name, { required }]) => required === true && values[name] === undefined)
    .map(([name]) => `--${name}`);
  if (missing.length > 0) throw new UsageError(`zhuji ${command.name} needs ${missing.join(' and ')}`);
  return Object.fromEntries(
    Object.entries(command.options).map(([name, { type, multiple }]) => {
      const absent = type === 'boolean' ? false : multiple === true ? [] : undefined;
      return [name, values[name] ?? absent];
    }),
  );
}
