import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { connect, createServer as createNetServer } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { formatActor } from '../../../gateway/api/auth/actor.ts';
import { findSocketPath } from '../../../gateway/api/local-socket-path.ts';
import type { RouteModule } from '../../../gateway/api/route.ts';
import { createServer } from '../../../gateway/api/server.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { until } from '../../harness/until.ts';
import { call } from './register-server.ts';

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
          response: { 201: Thing },
        },
        config: { access: 'public' },
      },
      async (request) => ({ id: JSON.stringify(request.body) }),
    );
    app.post('/bare', { schema: { body: Type.Object({}) }, config: { access: 'public' } }, async () => ({ ok: true }));
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

async function start(
  options: {
    dataDir?: string;
    dashboardDir?: string;
    port?: number;
    level?: 'error';
    tls?: { cert: string; key: string };
  } = {},
) {
  const dataDir = options.dataDir ?? join(await scratchDir(), 'data');
  const lines: string[] = [];
  const server = await createServer({
    host: '127.0.0.1',
    port: options.port ?? 0,
    tls: options.tls ?? null,
    dataDir,
    dashboardDir: options.dashboardDir ?? join(dataDir, 'none'),
    version: '0.0.0',
    logger: pino({ level: options.level ?? 'silent' }, { write: (line) => void lines.push(line) }),
    auth: { identify: () => null },
    routes: [things],
  });
  afterwards(server.stop);
  return { ...(await server.start()), server, dataDir, lines };
}

test('every refusal is problem+json with its code', async () => {
  const { url } = await start();
  const cases: readonly (readonly [string, string, string | undefined, string | undefined, number, string])[] = [
    ['GET', '/api/v1/nothing', undefined, undefined, 404, 'not-found'],
    ['GET', '/nothing', undefined, undefined, 404, 'not-found'],
    ['PATCH', '/api/v1/things', undefined, undefined, 404, 'not-found'],
    ['GET', '/api/v1/things', undefined, undefined, 401, 'unauthenticated'],
    ['GET', '/api/v1/admins', undefined, undefined, 401, 'unauthenticated'],
    ['GET', '/api/v1/%zz', undefined, undefined, 400, 'bad-request'],
    ['GET', '/api/v1/count?n=0', undefined, undefined, 400, 'bad-request'],
    ['GET', '/api/v1/broken', undefined, undefined, 500, 'internal'],
    ['POST', '/api/v1/things', '{"on":', 'application/json', 400, 'bad-request'],
    ['POST', '/api/v1/things', '{"on":"true"}', 'application/json', 400, 'bad-request'],
    ['POST', '/api/v1/things', '{"on":true,"more":1}', 'application/json', 400, 'bad-request'],
    ['POST', '/api/v1/things', '{"on":true,"__proto__":{"a":1}}', 'application/json', 400, 'bad-request'],
    ['POST', '/api/v1/things', '{"on":true,"text":"a\\u0000b"}', 'application/json', 400, 'bad-request'],
    ['POST', '/api/v1/things', '{"on":true,"text":"\\ud800"}', 'application/json', 400, 'bad-request'],
    ['POST', '/api/v1/things', '['.repeat(30_000), 'application/json', 400, 'bad-request'],
    ['POST', '/api/v1/things', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'application/json', 400, 'bad-request'],
    ['POST', '/api/v1/things', 'on=true', 'application/x-www-form-urlencoded', 400, 'bad-request'],
    ['POST', '/api/v1/things', 'x'.repeat(70_000), 'application/json', 413, 'too-large'],
  ];
  for (const [method, path, body, contentType, status, code] of cases) {
    const response = await fetch(url + path, {
      method,
      ...(body === undefined ? {} : { body }),
      ...(contentType === undefined ? {} : { headers: { 'content-type': contentType } }),
    });
    const text = await response.text();
    const what = `${method} ${path} ${(body ?? '').slice(0, 40)}`;
    expect(response.status, what).toBe(status);
    expect(response.headers.get('content-type'), what).toContain('application/problem+json');
    expect(JSON.parse(text), what).toMatchObject({ status, code });
    expect(text, what).not.toMatch(/MARK|node_modules|at \w+ \(/);
  }
});

test('a refused body names each field with its path', async () => {
  const { url } = await start();
  const { body } = await call(url, 'POST', '/api/v1/things', { body: { text: 5, more: 1 } });
  expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(
    expect.arrayContaining(['/body', '/body/text']),
  );
});

test('what failed is in the log with its stack, and not in the answer', async () => {
  const { url, lines } = await start({ level: 'error' });
  await call(url, 'GET', '/api/v1/broken?name=SECRETNAME');
  await until(() => lines.length > 0, { timeoutMs: 5_000, what: 'the log line' });
  expect(lines.join()).toContain('MARK');
  expect(lines.join()).not.toContain('SECRETNAME');
});

test('an action without fields may be posted bare or with an empty JSON body', async () => {
  const { url } = await start();
  expect((await call(url, 'POST', '/api/v1/bare')).status).toBe(200);
  expect((await call(url, 'POST', '/api/v1/bare', { headers: { 'content-type': 'application/json' } })).status).toBe(
    200,
  );
});

test('numbers of a query are read, and only there', async () => {
  const { url } = await start();
  expect((await call(url, 'GET', '/api/v1/count?n=3')).body).toEqual({ n: 3 });
});

test('every answer forbids scripts from elsewhere, framing and sniffing', async () => {
  const { url } = await start();
  for (const path of ['/', '/api/v1/count?n=1', '/api/v1/nothing']) {
    const { headers } = await call(url, 'GET', path, { headers: { accept: 'text/html' } });
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy, path).toContain("default-src 'self'");
    expect(policy, path).toContain("frame-ancestors 'none'");
    expect(policy, path).not.toContain('unsafe');
    // Over plain HTTP it would send the browser to a port that does not speak TLS.
    expect(policy, path).not.toContain('upgrade-insecure-requests');
    expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(headers.get('strict-transport-security'), path).toBeNull();
  }
});

test('OpenAPI shows what is built, with named schemas as components', async () => {
  const { url } = await start();
  const { body } = await call(url, 'GET', '/api/v1/openapi.json');
  expect(body.openapi).toBe('3.1.0');
  expect(Object.keys(body.paths)).toContain('/api/v1/things');
  expect(Object.keys(body.paths)).not.toContain('/api/v1/openapi.json');
  expect(body.components.schemas.Thing.properties).toEqual({ id: { type: 'string' } });
  expect(JSON.stringify(body.paths['/api/v1/things'])).toContain('#/components/schemas/Thing');
  expect(JSON.stringify(body)).not.toContain('def-');
  expect(body.paths['/api/v1/things'].get.security).toBeUndefined();
  expect(body.paths['/api/v1/count'].get.security).toEqual([]);
  const { default: refused } = body.paths['/api/v1/things'].get.responses;
  expect(refused.content['application/problem+json'].schema).toEqual({ $ref: '#/components/schemas/Problem' });
});

test('without a built dashboard a page says so, and the API is as ever', async () => {
  const { url } = await start();
  const page = await call(url, 'GET', '/', { headers: { accept: 'text/html' } });
  expect(page).toMatchObject({ status: 503, body: expect.stringContaining('npm run build') });
});

test('a built dashboard serves its files, and its index for its own paths', async () => {
  const dashboardDir = await scratchDir();
  await mkdir(join(dashboardDir, 'assets'));
  await writeFile(join(dashboardDir, 'index.html'), '<!doctype html>THE APP');
  await writeFile(join(dashboardDir, 'assets', 'a-123.js'), 'export {}');
  await writeFile(join(dashboardDir, '..', 'outside.txt'), 'OUTSIDE');
  const { url } = await start({ dashboardDir });
  const html = { headers: { accept: 'text/html' } };
  for (const path of ['/', '/incident/7', '/index.html']) {
    const page = await call(url, 'GET', path, html);
    expect(page, path).toMatchObject({ status: 200, body: '<!doctype html>THE APP' });
    expect(page.headers.get('cache-control'), path).toBe('no-cache');
  }
  const asset = await call(url, 'GET', '/assets/a-123.js');
  expect(asset.headers.get('cache-control')).toContain('immutable');
  expect(asset.headers.get('content-type')).toContain('javascript');
  expect((await call(url, 'GET', '/assets/gone.js')).status).toBe(404);
  expect((await call(url, 'GET', '/api/v1/nothing', html)).body.code).toBe('not-found');
  for (const path of ['/..%2foutside.txt', '/%2e%2e/outside.txt', '/assets/..%5c..%5coutside.txt']) {
    expect((await call(url, 'GET', path)).body, path).not.toBe('OUTSIDE');
  }
});

function askSocket(socketPath: string, path: string): Promise<{ status: number; body: string }> {
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

test('the local socket is for this account alone and has the rights of an admin', async () => {
  const { socketPath, dataDir, url } = await start();
  expect(socketPath).toBe(join(dataDir, 'zhuji.sock'));
  expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  expect(await askSocket(socketPath, '/api/v1/who')).toEqual({
    status: 200,
    body: JSON.stringify({ actor: `local:${process.getuid?.()}` }),
  });
  expect((await askSocket(socketPath, '/api/v1/admins')).status).toBe(200);
  expect((await call(url, 'GET', '/api/v1/who')).status).toBe(401);
});

test('the socket file of a killed gateway is replaced, that of a living one is not', async () => {
  const dataDir = join(await scratchDir(), 'data');
  await mkdir(dataDir, { mode: 0o700 });
  await writeFile(join(dataDir, 'zhuji.sock'), '');
  const { socketPath } = await start({ dataDir });
  await expect(start({ dataDir })).rejects.toMatchObject({
    code: 'config',
    faults: [{ code: 'in-use', key: 'ZHUJI_DATA' }],
  });
  expect((await askSocket(socketPath, '/api/v1/who')).status).toBe(200);
});

test('a data folder too deep for a socket gets one in the temporary folder, found by the note', async () => {
  const dataDir = join(await scratchDir(), 'deep'.repeat(30));
  const { socketPath, server } = await start({ dataDir });
  expect(Buffer.byteLength(socketPath)).toBeLessThanOrEqual(107);
  expect(await findSocketPath(dataDir)).toBe(socketPath);
  expect((await stat(join(socketPath, '..'))).mode & 0o777).toBe(0o700);
  expect((await askSocket(socketPath, '/api/v1/who')).status).toBe(200);
  await server.stop();
  await expect(stat(join(socketPath, '..'))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await readdir(dataDir)).toEqual([]);
});

test('a note that points into a folder of somebody else is not followed', async () => {
  const dataDir = join(await scratchDir(), 'deep'.repeat(30));
  const open = await scratchDir();
  await mkdir(join(open, 'shared'), { mode: 0o755 });
  await mkdir(dataDir, { mode: 0o700 });
  await writeFile(join(dataDir, 'zhuji.sock.path'), join(open, 'shared', 'zhuji.sock'));
  const { socketPath } = await start({ dataDir });
  expect(socketPath.startsWith(open)).toBe(false);
  expect(await readFile(join(dataDir, 'zhuji.sock.path'), 'utf8')).toBe(socketPath);
});

test('a port in use is named with its setting', async () => {
  const blocker = createNetServer();
  const port = await new Promise<number>((resolve) => {
    blocker.listen(0, '127.0.0.1', () => resolve((blocker.address() as { port: number }).port));
  });
  afterwards(() => void blocker.close());
  await expect(start({ port })).rejects.toMatchObject({
    faults: [{ code: 'in-use', key: 'ZHUJI_HTTP_PORT', value: String(port) }],
  });
});

test('stopping ends open streams at once, and may be asked twice', async () => {
  const { url, server, socketPath } = await start();
  const stream = await fetch(`${url}/api/v1/stream`);
  const idle = connect(socketPath);
  await new Promise((resolve) => idle.once('connect', resolve));
  await server.stop();
  await server.stop();
  await expect(stream.text()).rejects.toThrow();
  await expect(fetch(url)).rejects.toThrow();
});

test('given a certificate it speaks HTTPS alone, and asks browsers to stay there', async () => {
  const read = (name: string) => readFile(new URL(`../../fixtures/tls/localhost.${name}.pem`, import.meta.url), 'utf8');
  const [cert, key] = await Promise.all([read('cert'), read('key')]);
  const { url, port, socketPath } = await start({ tls: { cert, key } });
  expect(url).toBe(`https://127.0.0.1:${port}`);
  const headers = await new Promise<http.IncomingHttpHeaders>((resolve, reject) => {
    https
      .get(`${url}/api/v1/count?n=1`, { ca: cert }, (response) => {
        response.resume();
        resolve(response.headers);
      })
      .on('error', reject);
  });
  expect(headers['strict-transport-security']).toContain('max-age');
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  expect((await askSocket(socketPath, '/api/v1/who')).status).toBe(200);
});
