import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblem, ProblemError } from './problems.ts';
import type { Api } from './route.ts';

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Zhuji</title>
<h1>助急 · Zhuji</h1><p>The gateway runs. Its pages are not built: run <code>npm run build</code> and start it again.</p>
<p>网关正在运行，页面尚未构建：请运行 <code>npm run build</code>，然后重新启动。</p></html>`;

/**
 * Serves the built dashboard. Paths that are not files and not the API's are the app's own, so they get its index.
 * Whatever else is not there gets problem+json.
 */
export async function registerDashboard(app: Api, distDir: string): Promise<void> {
  const isBuilt = existsSync(join(distDir, 'index.html'));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: distDir,
      cacheControl: false,
      setHeaders: (reply, path) => {
        // Vite names everything below assets/ by its content; index.html must be asked for again after an upgrade.
        const isNamedByContent = path.includes('/assets/');
        reply.header('cache-control', isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    if (!isPage(request)) return sendNotFound(reply);
    if (isBuilt) return reply.sendFile('index.html');
    return reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT);
  });
}

function isPage(request: FastifyRequest): boolean {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const path = request.url.split('?', 1)[0] ?? '';
  const isApi = path === '/api' || path.startsWith('/api/');
  return isRead && !isApi && (request.headers.accept ?? '').includes('text/html');
}

function sendNotFound(reply: FastifyReply): FastifyReply {
  return reply
    .code(404)
    .type('application/problem+json')
    .send(formatProblem(new ProblemError('not-found')));
}
