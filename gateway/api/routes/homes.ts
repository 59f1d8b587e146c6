import type { Logger } from 'pino';
import { Type } from 'typebox';
import type { Registry } from '../../registry/registry.ts';
import { formatActor } from '../auth/actor.ts';
import type { CaseFiles } from '../auth/case-files.ts';
import { canSee } from '../auth/scope.ts';
import { Id } from '../contract/primitives.ts';
import { Home, HomeNew } from '../contract/registry.ts';
import { ProblemError } from '../problems.ts';
import type { RouteModule } from '../route.ts';
import { PageQuery, pageSchema, takePage } from './page.ts';
import { viewHome } from './register-view.ts';

export type HomeRouteDeps = {
  readonly registry: Pick<Registry, 'directory' | 'addHome'>;
  readonly caseFiles: Pick<CaseFiles, 'home'>;
  readonly logger: Logger;
  /** Whoever is not of the region leaves a trace also where they read only where somebody lives. */
  readonly onPersonRead: (actor: string, residentIds: readonly string[]) => void;
};

/** Homes: read by whoever has the region, added by an admin. */
export function homeRoutes({ registry, caseFiles, logger, onPersonRead }: HomeRouteDeps): RouteModule {
  return {
    name: 'homes',
    prefix: '/api/v1',
    register: (app) => {
      app.get(
        '/homes',
        { schema: { description: 'In the order of ids', querystring: PageQuery, response: { 200: pageSchema(Home) } } },
        async ({ actor, query }) => {
          const directory = registry.directory();
          const { items, next } = takePage(
            directory.homes().filter((home) => canSee(actor, home.region)),
            query.cursor,
          );
          return { items: items.map((home) => viewHome(directory, home)), next };
        },
      );
      app.get(
        '/homes/:id',
        { schema: { params: Type.Object({ id: Id }), response: { 200: Home } } },
        async ({ actor, params }) => {
          const directory = registry.directory();
          const home = directory.home(params.id);
          if (home === undefined) throw new ProblemError('not-found');
          const found = viewHome(directory, home);
          if (canSee(actor, home.region)) return found;
          if (!caseFiles.home(actor, home)) throw new ProblemError('not-found');
          onPersonRead(formatActor(actor), found.residentIds);
          return found;
        },
      );
      app.post(
        '/homes',
        { schema: { body: HomeNew, response: { 201: Home } }, config: { access: 'admin' } },
        async ({ actor, body }, reply) => {
          requireRegion(canSee(actor, body.region));
          const id = await registry.addHome(body);
          logger.info({ actor: formatActor(actor), homeId: id }, 'home added');
          const directory = registry.directory();
          const home = directory.home(id);
          if (home === undefined) throw new ProblemError('internal');
          return reply.code(201).send(viewHome(directory, home));
        },
      );
    },
  };
}

/** Nobody adds where they may not look. */
export function requireRegion(isAllowed: boolean): void {
  if (!isAllowed) throw new ProblemError('forbidden', 'This region is not yours');
}
