import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { errorCode } from '../errors.ts';
import { BackupError } from './backup-error.ts';
import { formatCopy, parseEnd, parseHeader, type BackupHeader } from './format.ts';
import { readTokens, type Token } from './tokens.ts';

const NEW_LINE = 10;

export type OpenBackup = { readonly header: BackupHeader; readonly tokens: AsyncGenerator<Token, void> };

/** Opens a backup behind its header. @throws BackupError */
export async function openBackup(path: string): Promise<OpenBackup> {
  const tokens = readTokens(unpack(path));
  const first = await tokens.next();
  const line = first.done !== true && first.value.kind === 'line' ? first.value.line : '';
  return { header: parseHeader(line), tokens };
}

/** The checksum of gzip is looked at as well. */
async function* unpack(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path);
  const plain = createGunzip();
  file.on('error', (error) => plain.destroy(error));
  file.pipe(plain);
  try {
    for await (const chunk of plain) yield chunk as Buffer;
  } catch (error) {
    throw new BackupError('damaged', `The backup cannot be read to its end (${errorCode(error)})`, { cause: error });
  } finally {
    file.destroy();
  }
}

/** Reads all of it once before anything is changed anywhere. @throws BackupError */
export async function checkBackup(
  path: string,
): Promise<{ header: BackupHeader; rows: Readonly<Record<string, number>> }> {
  const { header, tokens } = await openBackup(path);
  const rows: Record<string, number> = {};
  for (const table of header.tables) {
    await expectLine(tokens, `${formatCopy(table)};`);
    rows[table.name] = 0;
    for await (const bytes of rowsOf(tokens)) rows[table.name] = (rows[table.name] ?? 0) + countLines(bytes);
  }
  const last = await tokens.next();
  const end = last.done !== true && last.value.kind === 'line' ? parseEnd(last.value.line) : null;
  const isWhole = end !== null && (await tokens.next()).done === true;
  const wrong = header.tables.find(({ name }) => end?.rows[name] !== rows[name]);
  if (!isWhole || wrong !== undefined) {
    throw new BackupError('damaged', `The backup is not whole${wrong === undefined ? '' : ` (${wrong.name})`}`);
  }
  return { header, rows };
}

/** @throws BackupError */
export async function expectLine(tokens: OpenBackup['tokens'], wanted: string): Promise<void> {
  const { value } = await tokens.next();
  if (value?.kind !== 'line' || value.line !== wanted) {
    throw new BackupError('damaged', `The backup has something else where ${wanted} should be`);
  }
}

/** The rows of the table that the last line named. */
export async function* rowsOf(tokens: OpenBackup['tokens']): AsyncGenerator<Buffer> {
  for (;;) {
    const { value } = await tokens.next();
    if (value?.kind === 'end-of-rows') return;
    if (value?.kind !== 'rows') throw new BackupError('damaged', 'The backup is cut short');
    yield value.bytes;
  }
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEW_LINE); at >= 0; at = bytes.indexOf(NEW_LINE, at + 1)) count += 1;
  return count;
}
