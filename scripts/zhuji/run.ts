import { ConfigError } from '../../gateway/config-error.ts';
import { ZhujiError } from '../../gateway/errors.ts';
import { ClientError, createClient, ProblemAnswer } from './client.ts';
import { type Command, type Context, UsageError } from './command.ts';
import { formatCommandHelp, formatOverview } from './help.ts';
import { parseCommandLine } from './parse-command-line.ts';
import { findTarget } from './target.ts';

export type Io = Pick<Context, 'env' | 'print' | 'printError'>;

/** Runs one command line. Answers the exit code: 0 done, 1 failed, 2 wrong usage. Our own mistakes are thrown on. */
export async function runCommandLine(commands: readonly Command[], argv: readonly string[], io: Io): Promise<number> {
  const wantsJson = argv.includes('--json');
  try {
    const line = parseCommandLine(commands, argv);
    if (line.kind === 'help') {
      const help = line.command === undefined ? formatOverview(commands) : formatCommandHelp(line.command);
      (line.isAskedFor ? io.print : io.printError)(help);
      return line.isAskedFor ? 0 : 2;
    }
    const client = async () => createClient(await findTarget(io.env));
    return await line.command.run({ ...io, json: line.json, client }, line.values, line.argument);
  } catch (error) {
    const failure = describeFailure(error);
    if (failure === undefined) throw error;
    io.printError(wantsJson ? JSON.stringify(failure.json) : `zhuji: ${failure.text}`);
    return failure.exitCode;
  }
}

type Failure = { readonly exitCode: 1 | 2; readonly text: string; readonly json: object };

/** What a person, or with --json a program, is told; undefined for what only a programmer can mend. */
function describeFailure(error: unknown): Failure | undefined {
  if (error instanceof UsageError) {
    return { exitCode: 2, text: error.message, json: { code: error.code, detail: error.message } };
  }
  if (error instanceof ClientError) {
    return { exitCode: 1, text: error.message, json: { code: error.code, detail: error.message } };
  }
  if (error instanceof ConfigError) {
    // A port or folder in use is right as a setting and fails for now.
    const exitCode = error.faults.every(({ code }) => code === 'in-use') ? 1 : 2;
    return { exitCode, text: error.message, json: { code: error.code, faults: error.faults } };
  }
  if (error instanceof ProblemAnswer) {
    const { problem } = error;
    const fields = (problem.errors ?? []).map(({ path, message }) => `  ${path.replace(/^\/body/, '')}: ${message}`);
    return {
      exitCode: problem.code === 'bad-request' ? 2 : 1,
      text: [error.message, ...(fields.length > 1 || problem.code === 'bad-request' ? fields : [])].join('\n'),
      json: problem,
    };
  }
  if (error instanceof ZhujiError) {
    return { exitCode: 1, text: error.message, json: { code: error.code, detail: error.message } };
  }
  return undefined;
}
