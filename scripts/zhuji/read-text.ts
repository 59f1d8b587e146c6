import { readFile } from 'node:fs/promises';
import { UsageError } from './command.ts';

/** What a file holds that was named on the command line. @throws UsageError */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read`, { cause: error });
  }
}
