import { UsageError, type Values } from './command.ts';
import { readText } from './read-text.ts';

/** The key of an account. Whatever stands on a command line is shown to everybody on the machine, and kept by the shell. */
export const KEY_OPTIONS = {
  key: { type: 'string', value: 'HEX', description: 'AES key of the account: 32, 48 or 64 hexadecimal digits' },
  'key-file': {
    type: 'string',
    value: 'FILE',
    description: 'File with that key, which no list of processes shows then; /dev/stdin takes it from a pipe',
  },
} as const;

/** As given, undefined where none is; the end of the line does not belong to it. @throws UsageError */
export async function readKey(values: Values<typeof KEY_OPTIONS>): Promise<string | undefined> {
  const { key, 'key-file': path } = values;
  if (path === undefined) return key;
  if (key !== undefined) throw new UsageError('--key and --key-file exclude each other');
  return (await readText(path)).trim();
}
