import { HOURS, parsePart, READINGS } from '../telemetry/observations/days.ts';
import { queryRows, type Queryable } from '../store/postgres.ts';
import type { BackupTable } from './format.ts';

const ACTION = 'list the tables';

/** Made anew by the version that restores. */
const NOT_KEPT = 'schema_migrations';

const TABLES = `
  select c.relname::text as name, array(
    select a.attname::text from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns
  from pg_class c
  where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  order by c.relname collate "C"`;

const REFERENCES = `
  select a.relname::text as "from", b.relname::text as "to"
  from pg_constraint join pg_class a on a.oid = conrelid join pg_class b on b.oid = confrelid where contype = 'f'`;

export type Reference = { readonly from: string; readonly to: string };

/** Every table of ours with its columns, in an order in which each row finds what it refers to. @throws StoreError */
export async function loadTables(db: Queryable): Promise<BackupTable[]> {
  const found = await queryRows<BackupTable>(db, ACTION, TABLES);
  // A day that is on its way out stands by itself for a moment.
  const isPart = (name: string): boolean => [READINGS, HOURS].some((of) => parsePart(of, name) !== null);
  const tables = found.filter(({ name }) => name !== NOT_KEPT && !isPart(name));
  return sortByReference(tables, await queryRows<Reference>(db, ACTION, REFERENCES));
}

/** What is referred to comes before what refers to it; otherwise as given. Pure. */
export function sortByReference(tables: readonly BackupTable[], references: readonly Reference[]): BackupTable[] {
  const sorted: BackupTable[] = [];
  const place = (table: BackupTable, above: readonly string[]): void => {
    if (sorted.includes(table)) return;
    if (above.includes(table.name)) throw new Error(`Tables refer to each other: ${[...above, table.name].join(', ')}`);
    const needed = new Set(references.filter(({ from, to }) => from === table.name && to !== from).map(({ to }) => to));
    for (const other of tables) if (needed.has(other.name)) place(other, [...above, table.name]);
    sorted.push(table);
  };
  for (const table of tables) place(table, []);
  return sorted;
}
