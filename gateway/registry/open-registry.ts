import { randomBytes } from 'node:crypto';
import { migrate } from '../store/migrate.ts';
import { createNewIds, createNewPassword, createNewSecret } from './new-ids.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { Registry } from './registry.ts';

export type OpenRegistryOptions = Omit<RegistryDeps, 'migrate' | 'firstStart' | 'newIds' | 'newSecret'> & {
  /** `ZHUJI_ADMIN_PASSWORD`. */
  readonly adminPassword: string | null;
  readonly hashPassword: (password: string) => Promise<string>;
};

/** A registry with this project's own migrations and the system's randomness; the caller starts and stops it. */
export function openRegistry({ adminPassword, hashPassword, ...deps }: OpenRegistryOptions): Registry {
  return new Registry({
    ...deps,
    migrate: () => migrate(deps.databaseUrl),
    newIds: createNewIds(randomBytes),
    newSecret: createNewSecret(randomBytes),
    firstStart: {
      adminPassword,
      hashPassword,
      newPassword: createNewPassword(randomBytes),
      newSessionKey: () => randomBytes(32).toString('base64url'),
    },
  });
}
