import { readFile, stat } from 'node:fs/promises';
import type http from 'node:http';
import https from 'node:https';
import { connect, createServer as createNetServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { afterwards } from '../../harness/cleanup.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { until } from '../../harness/until.ts';
import { askSocket, startBareServer } from './bare-server.ts';
import { call } from './register-server.ts';

test('every refusal is problem+json with its code', async () => {
  const { url } = await startBareServer();
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
  const { url } = await startBareServer();
  const { body } = await call(url, 'POST', '/api/v1/things', { body: { text: 5, more: 1 } });
  expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(
    expect.arrayContaining(['/body', '/body/text']),
  );
});

test('what failed is in the log with its stack, and not in the answer', async () => {
  const { url, lines } = await startBareServer({ level: 'error' });
  await call(url, 'GET', '/api/v1/broken?name=SECRETNAME');
  await until(() => lines.length > 0, { timeoutMs: 30_000, what: 'the log line' });
  expect(lines.join()).toContain('MARK');
  expect(lines.join()).not.toContain('SECRETNAME');
});

test('an action without fields may be posted bare or with an empty JSON body', async () => {
  const { url } = await startBareServer();
  expect((await call(url, 'POST', '/api/v1/bare')).status).toBe(200);
  expect((await call(url, 'POST', '/api/v1/bare', { headers: { 'content-type': 'application/json' } })).status).toBe(
    200,
  );
});

test('numbers of a query are read, and only there', async () => {
  const { url } = await startBareServer();
  expect((await call(url, 'GET', '/api/v1/count?n=3')).body).toEqual({ n: 3 });
});

test('every answer forbids scripts from elsewhere, framing and sniffing', async () => {
  const { url } = await startBareServer();
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
  const { url } = await startBareServer();
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
  expect(Object.keys(body.paths['/api/v1/things'].post.responses['409'].content)).toEqual(['application/problem+json']);
});

test('an idle connection is kept longer than a proxy keeps it: no command meets one that is just closing', async () => {
  const { url } = await startBareServer();
  const answer = await fetch(`${url}/api/v1/count?n=1`);
  await answer.text();
  expect(answer.headers.get('keep-alive')).toBe('timeout=72');
});

test('a port in use is named with its setting', async () => {
  const blocker = createNetServer();
  const port = await new Promise<number>((resolve) => {
    blocker.listen(0, '127.0.0.1', () => resolve((blocker.address() as { port: number }).port));
  });
  afterwards(() => void blocker.close());
  const dataDir = await scratchDir();
  await expect(startBareServer({ port, dataDir })).rejects.toMatchObject({
    faults: [{ code: 'in-use', key: 'ZHUJI_HTTP_PORT', value: String(port) }],
  });
  // Nothing of the failed start goes on listening.
  await expect(stat(join(dataDir, 'zhuji.sock'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('stopping ends open streams at once, and may be asked twice', async () => {
  const { url, server, socketPath } = await startBareServer();
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
  const { url, port, socketPath } = await startBareServer({ tls: { cert, key } });
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

test('what a caller says of its address counts only through a proxy that is trusted', async () => {
  const asked = { headers: { 'x-forwarded-for': '203.0.113.9, 198.51.100.4' } };
  const ipOf = async ({ url }: { url: string }) => (await call(url, 'GET', '/api/v1/address', asked)).body.ip;
  expect(await ipOf(await startBareServer())).toBe('127.0.0.1');
  expect(await ipOf(await startBareServer({ trustedProxies: '192.0.2.0/24' }))).toBe('127.0.0.1');
  // The nearest that is not trusted; what stands before it was said by the caller.
  expect(await ipOf(await startBareServer({ trustedProxies: '127.0.0.1' }))).toBe('198.51.100.4');
  expect(await ipOf(await startBareServer({ trustedProxies: '127.0.0.0/8,198.51.100.4' }))).toBe('203.0.113.9');
  const { socketPath } = await startBareServer({ trustedProxies: '127.0.0.1' });
  expect(await askSocket(socketPath, '/api/v1/address')).toMatchObject({ status: 200 });
  await expect(startBareServer({ trustedProxies: '10.0.0.0/40' })).rejects.toThrow('ZHUJI_TRUSTED_PROXIES');
});
