import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../../scripts/zhuji/commands.ts';
import { UsageError } from '../../../scripts/zhuji/command.ts';
import { formatCommandHelp, formatOverview } from '../../../scripts/zhuji/help.ts';
import { parseCommandLine } from '../../../scripts/zhuji/parse-command-line.ts';

const parse = (...argv: string[]) => parseCommandLine(COMMANDS, argv);

test('a command of two words is found, with its values', () => {
  expect(parse('device', 'add', '--model', 'm', '--resident', 'a', '--resident=b', '--json')).toMatchObject({
    kind: 'run',
    command: { name: 'device add' },
    values: { model: 'm', resident: ['a', 'b'], home: undefined },
    json: true,
  });
  expect(parse('device', 'remove', 'd-1', '--dry-run')).toMatchObject({ argument: 'd-1', values: { 'dry-run': true } });
});

test('values that look like options must be tied to theirs', () => {
  expect(parse('resident', 'add', '--name=-Wang')).toMatchObject({ values: { name: '-Wang' } });
});

test('wrong usage says what to write instead', () => {
  const cases: readonly (readonly [string[], string])[] = [
    [['nope'], 'zhuji --help'],
    [['device'], 'zhuji device add'],
    [['device', 'ad'], 'zhuji device add'],
    [['device', 'add'], '--model'],
    [['user', 'add', '--username', 'x'], '--role and --region'],
    [['device', 'add', '--modle', 'x'], '--modle'],
    [['device', 'add', '--model'], '--model'],
    [['device', 'remove'], 'ID'],
    [['device', 'remove', 'a', 'b'], 'b'],
    [['config', 'extra'], 'extra'],
    [['resident', 'add', '--name', '--json'], 'is ambiguous. zhuji'],
  ];
  for (const [argv, says] of cases) {
    expect(() => parse(...argv), argv.join(' ')).toThrow(UsageError);
    expect(() => parse(...argv), argv.join(' ')).toThrow(says);
  }
});

test('any words are a command, a help or wrong usage', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('device', 'add', '--json', '--help', '--'))), (argv) => {
      try {
        expect(['help', 'run']).toContain(parse(...argv).kind);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
      }
    }),
  );
});

test('every command has its own name, a line in the overview, and a help with all its options', () => {
  const names = COMMANDS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const command of COMMANDS) {
    expect(formatOverview(COMMANDS)).toContain(`  ${command.name} `);
    const help = formatCommandHelp(command);
    for (const option of [...Object.keys(command.options), 'json', 'help']) expect(help).toContain(`--${option}`);
    expect(parse(...command.name.split(' '), '--help')).toMatchObject({
      kind: 'help',
      command: { name: command.name },
    });
  }
});
