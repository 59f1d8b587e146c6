import { Type } from 'typebox';
import type { Directory } from '../../registry/directory.ts';
import { ErasureError } from '../../history/erase-rows.ts';
import type { Erase } from '../../history/erase.ts';
import { formatActor } from '../auth/actor.ts';
import { ResidentErase, ResidentErased } from '../contract/history.ts';
import { Id } from '../contract/primitives.ts';
import { Problem } from '../contract/problem.ts';
import { ProblemError } from '../problems.ts';
import type { RouteModule } from '../route.ts';
import { findVisible } from './find-resident.ts';

export type ErasureRouteDeps = {
  readonly erase: Erase;
  readonly directory: () => Directory;
};

/** The right to be forgotten (PIPL 47): by an admin, for a resident of theirs without an open case. */
export function erasureRoutes({ erase, directory }: ErasureRouteDeps): RouteModule {
  return {
    name: 'erasure',
    prefix: '/api/v1',
    register: (app) => {
      app.post(
        '/residents/:id/erase',
        {
          schema: {
            description: 'Erases what is personal; ids, codes and hashes stay, and the audit chain says so',
            params: Type.Object({ id: Id }),
            body: ResidentErase,
            response: { 200: ResidentErased, 404: Problem, 409: Problem, 503: Problem },
          },
          config: { access: 'admin' },
        },
        async ({ actor, params, body }) => {
          const resident = findVisible(directory(), actor, params.id);
          const order = { residentId: resident.id, by: formatActor(actor), ground: body.ground };
          try {
            return await erase({ ...order, isDryRun: body.dryRun === true });
          } catch (error) {
            if (!(error instanceof ErasureError)) throw error;
            throw error.code === 'not-found'
              ? new ProblemError('not-found')
              : new ProblemError('conflict', 'A case of theirs is open; close it first');
          }
        },
      );
    },
  };
}
