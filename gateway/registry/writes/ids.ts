import { queryRows, type Queryable } from '../../store/postgres.ts';
import { RegistryError } from '../registry-error.ts';

/** Two tries already are unheard of; ten mean that something else is wrong (chosen). */
const MAX_TRIES = 10;

/**
 * The wished id, or a new one that is free. Writes of the register run one after another, so it stays free until the
 * transaction ends. @throws RegistryError `conflict`
 */
export async function claimId(
  db: Queryable,
  table: 'homes' | 'residents' | 'devices' | 'users',
  wished: string | undefined,
  newId: () => string,
): Promise<string> {
  const isTaken = async (id: string): Promise<boolean> =>
    (await queryRows(db, 'look for an id', `select 1 from ${table} where id = $1`, [id])).length > 0;
  if (wished !== undefined) {
    if (await isTaken(wished)) throw new RegistryError('conflict', '/id', `${wished} is taken in ${table}`);
    return wished;
  }
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const id = newId();
    if (!(await isTaken(id))) return id;
  }
  throw new RegistryError('conflict', '/id', 'no free id was found');
}
