import { COMMANDS } from './commands.ts';
import { runCommandLine } from './run.ts';

/**
 * The other end went away: `zhuji config | head` closes the pipe early, a terminal was closed. That is no failure of ours,
 * and no reason for a gateway to end.
 */
const GONE = new Set(['EPIPE', 'EIO', 'ENOTCONN']);

/** How long a finished command waits for somebody to read what it said on standard error. Chosen. */
const LAST_WORDS_MS = 2000;

const lost: string[] = [];
process.stdout.on('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => {
  if (!GONE.has(code)) lost.push(code);
});
// There is no place left to say it.
process.stderr.on('error', () => undefined);

const exitCode = await runCommandLine(COMMANDS, process.argv.slice(2), {
  env: process.env,
  print: (text) => process.stdout.write(`${text}\n`),
  printError: (text) => process.stderr.write(`${text}\n`),
});
// What was printed may have been a password that is shown once.
if (lost[0] !== undefined) process.stderr.write(`zhuji: the output could not be written (${lost[0]})\n`);
process.exitCode = lost[0] === undefined ? exitCode : 1;
setTimeout(() => {
  if (process.stdout.writableLength === 0) process.exit();
}, LAST_WORDS_MS).unref();
