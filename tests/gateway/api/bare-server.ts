import http from 'node:http';
import { join } from 'node:path';
import { pino } from 'pino';
import { Type } from 'typebox';
import { formatActor } from '../../../gateway/api/auth/actor.ts';
import { Problem } from '../../../gateway/api/contract/problem.ts';
import type { RouteModule } from '../../../gateway/api/route.ts';
import { createServer } from '../../../gateway/api/server.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { scratchDir } from '../../harness/scratch.ts';

const Thing = Type.Object({ id: Type.String() }, { $id: 'Thing' });

const things: RouteModule = {
  name: 'things',
  prefix: '/api/v1',
  register: (app) => {
    app.get('/things', { schema: { response: { 200: Type.Object({ items: Type.Array(Thing) }) } } }, async () => ({
      items: [],
    }));
    app.get(
      '/count',
      {
        schema: { querystring: Type.Object({ n: Type.Integer({ minimum: 1 }) }) },
        config: { access: 'public' },
      },
      async ({ query }) => ({ n: query.n }),
    );
    app.post(
      '/things',
      {
        schema: {
          body: Type.Object(
            { on: Type.Boolean(), text: Type.Optional(Type.String()) },
            { additionalProperties: false },
          ),
          response: { 201: Thing, 409: Problem },
        },
        config: { access: 'public' },
      },
      async (request) => ({ id: JSON.stringify(request.body) }),
    );
    app.post('/bare', { schema: { body: Type.Object({}) }, config: { access: 'public' } }, async () => ({ ok: true }));
    app.get('/address', { config: { access: 'public' } }, async ({ ip }) => ({ ip }));
    app.get('/broken', { config: { access: 'public' } }, async () => {
      throw new Error('MARK: the inside of the gateway');
    });
    app.get('/who', async ({ actor }) => ({ actor: formatActor(actor) }));
    app.get('/admins', { config: { access: 'admin' } }, async () => ({ ok: true }));
    app.get('/stream', { config: { access: 'public' } }, async (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
      reply.raw.write(': open\n\n');
    });
  },
};

export async function startBareServer(
  options: {
    dataDir?: string;
    dashboardDir?: string;
    port?: number;
    level?: 'error';
    tls?: { cert: string; key: string };
    trustedProxies?: string;
    routes?: readonly RouteModule[];
  } = {},
) {
  const dataDir = options.dataDir ?? join(await scratchDir(), 'data');
  const lines: string[] = [];
  const server = await createServer({
    host: '127.0.0.1',
    port: options.port ?? 0,
    tls: options.tls ?? null,
    trustedProxies: options.trustedProxies ?? null,
    dataDir,
    dashboardDir: options.dashboardDir ?? join(dataDir, 'none'),
    version: '0.0.0',
    logger: pino({ level: options.level ?? 'silent' }, { write: (line) => void lines.push(line) }),
    auth: { identify: () => null },
    routes: [things, ...(options.routes ?? [])],
  });
  afterwards(server.stop);
  return { ...(await server.start()), server, dataDir, lines };
}

/** A GET by the local socket. */
export function askSocket(socketPath: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    http
      .get({ socketPath, path, agent: false }, (response) => {
        let body = '';
        response.on('data', (chunk) => (body += String(chunk)));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      })
      .on('error', reject);
  });
}
