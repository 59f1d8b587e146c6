import { queryRows, type Queryable } from '../store/postgres.ts';
import { hasNoUsers, insertUser } from './writes/users.ts';

export type FirstStartDeps = {
  /** `ZHUJI_ADMIN_PASSWORD`; null makes one up. */
  readonly adminPassword: string | null;
  readonly newPassword: () => string;
  readonly hashPassword: (password: string) => Promise<string>;
  readonly newUserId: () => string;
  readonly newSessionKey: () => string;
};

/** The first admin; `password` only where it was made up, for it is shown once and never again. */
export type FirstAdmin = { readonly username: 'admin'; readonly password: string | null };

/**
 * What a new database needs before anyone can log in: the key that signs sessions and the user `admin`. Several gateways
 * may start at once; the caller holds the register's lock. Answers the admin where this call made it.
 */
export async function prepareFirstStart(db: Queryable, deps: FirstStartDeps): Promise<FirstAdmin | undefined> {
  await queryRows(
    db,
    'keep the session key',
    `insert into settings (key, value) values ('session-key', to_jsonb($1::text)) on conflict do nothing`,
    [deps.newSessionKey()],
  );
  if (!(await hasNoUsers(db))) return undefined;
  const password = deps.adminPassword ?? deps.newPassword();
  const user = { username: 'admin', name: 'admin', roles: ['admin' as const], regions: ['*'] };
  await insertUser(db, user, await deps.hashPassword(password), deps.newUserId);
  return { username: 'admin', password: deps.adminPassword === null ? password : null };
}
