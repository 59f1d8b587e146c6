import { queryRows, type Queryable } from '../../store/postgres.ts';

/** Makes a region and those above it, where they are not there yet (design §8: made at first use). */
export async function ensureRegion(db: Queryable, path: string): Promise<void> {
  await queryRows(db, 'add regions', 'insert into regions (path) select unnest($1::text[]) on conflict do nothing', [
    listRegionPaths(path),
  ]);
}

/** `a/b/c` lies in `a`, `a/b` and `a/b/c`. */
export function listRegionPaths(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
