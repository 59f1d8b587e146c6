import { mkdir, open, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { dirname } from 'node:path';
import { formatIso } from '../clock.ts';
import { errorCode } from '../errors.ts';
import type { ChainHead } from './chain.ts';

/** A head of the chain as it was written elsewhere: one line of JSON `{"at","seq","hash"}`, hash in hexadecimal. */
export type WrittenHead = { readonly seq: number; readonly hash: string };

export function appendHead(path: string, head: ChainHead, nowMs: number): Promise<void> {
  return appendLine(path, JSON.stringify({ at: formatIso(nowMs), seq: head.seq, hash: head.hash.toString('hex') }));
}

/** Appends a line and waits until it is on disk; the file is only ever appended to. */
export async function appendLine(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a+', 0o600);
  try {
    // A line that a crash cut short must not swallow this one.
    const { size } = await file.stat();
    const last = size === 0 ? '\n' : (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString('latin1');
    const isCut = last !== '\n';
    await file.writeFile(`${isCut ? '\n' : ''}${line}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** The heads in a file, one by one; lines that nobody can read are left out. None where there is no file. */
export async function* readHeads(path: string): AsyncGenerator<WrittenHead> {
  for await (const line of readLines(path)) {
    const head = parseHead(line);
    if (head !== null) yield head;
  }
}

/** What `appendLine` wrote, one by one. None where there is no file. */
export async function* readLines(path: string): AsyncGenerator<string> {
  try {
    await stat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  // Not node:readline: it ends a line at U+2028 and U+2029 too, which JSON leaves in its text as they are.
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** Total: null for what is no head. */
export function parseHead(line: string): WrittenHead | null {
  try {
    const found: unknown = JSON.parse(line);
    if (typeof found !== 'object' || found === null || !('seq' in found) || !('hash' in found)) return null;
    const { seq, hash } = found;
    if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || typeof hash !== 'string') return null;
    return { seq, hash };
  } catch {
    return null;
  }
}
