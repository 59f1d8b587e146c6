import type { UserNew } from '../../api/contract/session.ts';
import { queryRows, type Queryable } from '../../store/postgres.ts';
import { RegistryError } from '../registry-error.ts';
import { ensureRegion } from './regions.ts';
import { claimId } from './ids.ts';

/** A person who logs in. Names differ in more than upper and lower case. @throws RegistryError `conflict` */
export async function insertUser(
  db: Queryable,
  user: Omit<UserNew, 'password'>,
  passwordHash: string,
  newId: () => string,
): Promise<string> {
  const taken = await queryRows(db, 'find a user', 'select 1 from users where lower(username) = lower($1)', [
    user.username,
  ]);
  if (taken.length > 0) throw new RegistryError('conflict', '/username', 'This user name is taken');
  for (const region of user.regions) if (region !== '*') await ensureRegion(db, region);
  const id = await claimId(db, 'users', undefined, newId);
  await queryRows(
    db,
    'add a user',
    'insert into users (id, username, name, roles, regions, password_hash) values ($1, $2, $3, $4, $5, $6)',
    [id, user.username, user.name ?? user.username, [...new Set(user.roles)], [...new Set(user.regions)], passwordHash],
  );
  return id;
}

/** Whether nobody can log in yet, which is what makes a start the first. */
export async function hasNoUsers(db: Queryable): Promise<boolean> {
  return (await queryRows(db, 'count users', 'select 1 from users limit 1')).length === 0;
}
