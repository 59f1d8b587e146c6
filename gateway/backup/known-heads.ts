import { rename } from 'node:fs/promises';
import { errorCode } from '../errors.ts';
import { readHeads } from '../history/head-file.ts';

/** The newest entry of the audit chain that was written elsewhere; 0 where none was. */
export async function findKnownSeq(paths: readonly string[]): Promise<number> {
  let known = 0;
  for (const path of paths) for await (const { seq } of readHeads(path)) known = Math.max(known, seq);
  return known;
}

/**
 * A restored chain goes on from where the backup ends, and the heads of what came after belong to another: they are kept, under
 * another name, because they prove what was lost. Answers the new names.
 */
export async function putHeadsAside(paths: readonly string[], nowMs: number): Promise<string[]> {
  const aside: string[] = [];
  for (const path of paths) {
    const name = `${path}.before-${new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
    try {
      await rename(path, name);
      aside.push(name);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
  return aside;
}
