import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../errors.ts';
import type { KnownLineage } from './lineage.ts';

export type LineageFile = {
  readonly load: () => Promise<KnownLineage | 'damaged' | null>;
  readonly save: (known: KnownLineage) => Promise<void>;
};

/** Replaced as a whole and fsynced, so that it is never half of one state. */
export function lineageFile(path: string): LineageFile {
  return {
    load: async () => {
      try {
        return parseLineage(await readFile(path, 'utf8'));
      } catch (error) {
        return errorCode(error) === 'ENOENT' ? null : 'damaged';
      }
    },
    save: async (known) => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const draft = `${path}.new`;
      const file = await open(draft, 'w', 0o600);
      try {
        await file.writeFile(JSON.stringify(known));
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
    },
  };
}

export function parseLineage(text: string): KnownLineage | 'damaged' {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('lineage' in value) || !('lastId' in value)) return 'damaged';
    const { lineage, lastId } = value;
    if (typeof lineage !== 'string' || !(lastId === null || typeof lastId === 'string')) return 'damaged';
    return { lineage, lastId };
  } catch {
    return 'damaged';
  }
}
