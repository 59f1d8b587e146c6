import { pino, type DestinationStream, type Logger } from 'pino';
import { descriptorSink, LogWriter } from './log-writer.ts';
import type { LOG_LEVELS } from './settings.ts';

/**
 * Fields that may hold personal data or secrets. The rule is that nobody logs them; this is the second line of defence,
 * at the top of a line and one and two levels down.
 */
const NEVER_LOGGED = [
  'name',
  'username',
  'address',
  'number',
  'callerNumber',
  'caller',
  'text',
  'note',
  'health',
  'speech',
  'accessPlan',
  'entrance',
  'location',
  'payload',
  'raw',
  'body',
  'password',
  'passwordHash',
  'secret',
  'token',
  'cookie',
  'authorization',
  'csrf',
];

export type LogOptions = {
  readonly level: (typeof LOG_LEVELS)[number];
  /** Standard error when absent: standard output belongs to what a command answers. */
  readonly destination?: DestinationStream;
};

/** Messages are constants, values go in fields, people appear as ids alone. */
export function createLogger({ level, destination }: LogOptions): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: {
        paths: NEVER_LOGGED.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: '[redacted]',
      },
    },
    destination ?? openStandardError(),
  );
}

/** `process.on('exit')` runs also after an exception that nobody caught: the lines before it are the ones that matter. */
function openStandardError(): DestinationStream {
  const writer = new LogWriter(
    descriptorSink(2),
    (lines) =>
      `{"level":"error"${pino.stdTimeFunctions.isoTime()},"pid":${process.pid},"lines":${lines},"msg":"log lines were lost"}\n`,
  );
  process.once('exit', () => writer.flushSync());
  return writer;
}

type ErrorLine = {
  readonly type: string;
  readonly code?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: ErrorLine;
};

/**
 * An error as a log line may show it. PostgreSQL and JSON.parse quote the offending value in their messages, which may be
 * somebody's name: of those only the code and the place are kept.
 */
export function describeError(error: unknown): ErrorLine {
  if (!(error instanceof Error)) return { type: typeof error };
  const code =
    'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : null;
  const quotesInput = error instanceof SyntaxError || 'severity' in error;
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at '));
  return {
    type: error.name,
    ...(code === null ? {} : { code: String(code) }),
    ...(quotesInput ? {} : { message: error.message }),
    ...(frames === undefined || frames.length === 0 ? {} : { stack: frames.join('\n') }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
