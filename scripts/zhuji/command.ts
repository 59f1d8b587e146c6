import type { Client } from './client.ts';

/** What a command may touch. */
export type Context = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--json`: the answer is one JSON value on standard output, whoever reads it. */
  readonly json: boolean;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  /** The gateway of ZHUJI_URL, else of ZHUJI_DATA. @throws UsageError for wrong settings */
  readonly client: () => Promise<Client>;
};

export type OptionSpec = {
  readonly type: 'string' | 'boolean';
  /** What stands for the value in the help: `--region REGION`. */
  readonly value?: string;
  readonly description: string;
  readonly required?: true;
  readonly multiple?: true;
};
export type Options = Readonly<Record<string, OptionSpec>>;

type ValueOf<S extends OptionSpec> = S extends { type: 'boolean' }
  ? boolean
  : S extends { multiple: true }
    ? readonly string[]
    : S extends { required: true }
      ? string
      : string | undefined;

export type Values<O extends Options> = { readonly [K in keyof O]: ValueOf<O[K]> };

/** One subcommand as data; `main.ts` parses, prints the help and chooses the exit code. */
export type Command = {
  /** `serve`, `device add`. */
  readonly name: string;
  readonly summary: string;
  /** Its one argument without a name, if it takes one. */
  readonly argument?: { readonly name: string; readonly description: string; readonly optional?: true };
  readonly options: Options;
  /** Answers the exit code: 0 done, 1 failed. Throws UsageError, ClientError and ProblemAnswer. */
  readonly run: (context: Context, values: Readonly<Record<string, unknown>>, argument: string) => Promise<number>;
};

/** Ties the types of the values to the options that a command names. */
export function defineCommand<const O extends Options>(
  command: Omit<Command, 'options' | 'run'> & {
    readonly options: O;
    readonly run: (context: Context, values: Values<O>, argument: string) => Promise<number>;
  },
): Command {
  // `parseCommandLine` has filled the values in as the options say.
  return { ...command, run: (context, values, argument) => command.run(context, values as Values<O>, argument) };
}

/** Wrong usage: exit code 2. The message says what to write instead. */
export class UsageError extends Error {
  readonly code = 'usage';
}
