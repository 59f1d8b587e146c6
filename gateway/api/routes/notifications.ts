import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { checkSignature } from '../../notify/signature.ts';
import type { Receipt } from '../../notify/note.ts';
import { NotificationId, ReceiptBody } from '../contract/notification.ts';
import { Problem } from '../contract/problem.ts';
import { ProblemError } from '../problems.ts';
import type { RouteModule } from '../route.ts';

export type NotificationRouteDeps = {
  readonly receive: (notificationId: string, receipt: Receipt) => Promise<'noted' | 'known' | 'unknown'>;
  /** Null: there is no webhook, and so nobody who could send a receipt. */
  readonly secret: string | null;
  readonly nowMs: () => number;
};

const BODY_LIMIT = 4 * 1024;

/** Receipts of the webhook: who has the secret has sent them; there is no session. */
export function notificationRoutes({ receive, secret, nowMs }: NotificationRouteDeps): RouteModule {
  /** The signature is over the bytes as they came. */
  const rawBodies = new WeakMap<FastifyRequest, Buffer>();

  return {
    name: 'notifications',
    prefix: '/api/v1',
    register: (app) => {
      const parse = app.getDefaultJsonParser('error', 'error');
      app.removeContentTypeParser('application/json');
      app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
        const bytes = Buffer.from(body);
        rawBodies.set(request, bytes);
        void parse(request, bytes.toString('utf8'), done);
      });
      app.post(
        '/notifications/:id/receipt',
        {
          schema: {
            description:
              'For the program behind the webhook. Header `x-zhuji-signature` as on the notices that it gets: `t=<unix s>,v1=<hex HMAC-SHA-256 of "t.body">`',
            params: Type.Object({ id: NotificationId }),
            headers: Type.Object({ 'x-zhuji-signature': Type.Optional(Type.String({ maxLength: 200 })) }),
            body: ReceiptBody,
            response: {
              200: Type.Object({ result: Type.Union([Type.Literal('noted'), Type.Literal('known')]) }),
              401: Problem,
              404: Problem,
              503: Problem,
            },
          },
          config: { access: 'public' },
          bodyLimit: BODY_LIMIT,
          // Before anything is said about the body: whoever has no secret learns nothing.
          preValidation: (request, _reply, done) => {
            const header = request.headers['x-zhuji-signature'];
            const raw = rawBodies.get(request) ?? Buffer.alloc(0);
            const nowS = Math.floor(nowMs() / 1000);
            const isProved =
              secret !== null &&
              checkSignature(secret, typeof header === 'string' ? header : undefined, raw, nowS) === null;
            done(isProved ? undefined : new ProblemError('unauthenticated', 'The signature is not right'));
          },
        },
        async ({ params, body }) => {
          if (body.id !== params.id) throw new ProblemError('bad-request', 'id is not that of the path');
          const { receipt: kind, code = null, at: toldAt = null } = body;
          const result = await receive(params.id, { kind, code, toldAt, at: nowMs() });
          if (result === 'unknown') throw new ProblemError('not-found');
          return { result };
        },
      );
    },
  };
}
