import { Type } from 'typebox';
import { AuditPage } from '../contract/history.ts';
import type { RouteModule } from '../route.ts';

export type AuditRouteDeps = {
  readonly verify: (after: number) => Promise<AuditPage>;
};

/** The audit chain is verified piece by piece, so that no answer takes long and none is large. */
export function auditRoutes({ verify }: AuditRouteDeps): RouteModule {
  return {
    name: 'audit',
    prefix: '/api/v1',
    register: (app) => {
      app.get(
        '/audit/verification',
        {
          schema: {
            description: 'Verifies the piece of the audit chain behind `after`; go on with `next` until it is null',
            querystring: Type.Object({
              after: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
            }),
            response: { 200: AuditPage },
          },
          config: { access: 'admin' },
        },
        async ({ query }) => verify(query.after),
      );
    },
  };
}
