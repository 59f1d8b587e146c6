import type { Logger } from 'pino';
import type { DirectoryUser } from '../../registry/directory.ts';
import type { Registry } from '../../registry/registry.ts';
import { formatActor } from '../auth/actor.ts';
import { type Passwords, PasswordsBusyError } from '../auth/passwords.ts';
import { isOverlapping, isScopeWithin, scopesOf } from '../auth/scope.ts';
import { SessionUser, UserCreated, UserNew } from '../contract/session.ts';
import { ProblemError } from '../problems.ts';
import type { RouteModule } from '../route.ts';
import { requireRegion } from './homes.ts';
import { PageQuery, pageSchema, takePage } from './page.ts';

export type UserRouteDeps = {
  readonly registry: Pick<Registry, 'directory' | 'addUser'>;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly newPassword: () => string;
  readonly logger: Logger;
};

/** People who log in: listed for supervisors, added by an admin within the admin's own regions. */
export function userRoutes({ registry, passwords, newPassword, logger }: UserRouteDeps): RouteModule {
  return {
    name: 'users',
    prefix: '/api/v1',
    register: (app) => {
      app.get(
        '/users',
        {
          schema: {
            description: 'In the order of ids',
            querystring: PageQuery,
            response: { 200: pageSchema(SessionUser) },
          },
          config: { access: 'supervisor' },
        },
        async ({ actor, query }) => {
          const visible = registry
            .directory()
            .users()
            .filter((user) => isOverlapping(user.regions, scopesOf(actor)));
          const { items, next } = takePage(visible, query.cursor);
          return { items: items.map(viewUser), next };
        },
      );
      app.post(
        '/users',
        {
          schema: {
            description: 'Without `password` one is made and shown here, and never again',
            body: UserNew,
            response: { 201: UserCreated },
          },
          config: { access: 'admin' },
        },
        async ({ actor, body }, reply) => {
          requireRegion(body.regions.every((scope) => isScopeWithin(scopesOf(actor), scope)));
          const { password = newPassword(), ...user } = body;
          const id = await registry.addUser(user, await hash(passwords, password));
          logger.info({ actor: formatActor(actor), userId: id }, 'user added');
          const added = registry.directory().user(id);
          if (added === undefined) throw new ProblemError('internal');
          const created: UserCreated = {
            ...viewUser(added),
            password: body.password === undefined ? password : null,
          };
          return reply.code(201).send(created);
        },
      );
    },
  };
}

/** A user as the API shows it: without the epoch, which is the gateway's own business. */
export function viewUser({ id, username, name, roles, regions }: DirectoryUser): SessionUser {
  return { id, username, name, roles: [...roles], regions: [...regions] };
}

async function hash(passwords: Pick<Passwords, 'hash'>, password: string): Promise<string> {
  try {
    return await passwords.hash(password);
  } catch (error) {
    if (!(error instanceof PasswordsBusyError)) throw error;
    throw new ProblemError('too-many', undefined, { retryAfterS: error.retryAfterS });
  }
}
