import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchDir } from '../../harness/scratch.ts';
import { startBareServer } from './bare-server.ts';
import { call } from './register-server.ts';

test('without a built dashboard a page says so, and the API is as ever', async () => {
  const { url } = await startBareServer();
  const page = await call(url, 'GET', '/', { headers: { accept: 'text/html' } });
  expect(page).toMatchObject({ status: 503, body: expect.stringContaining('npm run build') });
});

test('a built dashboard serves its files, and its index for its own paths', async () => {
  const dashboardDir = await scratchDir();
  await mkdir(join(dashboardDir, 'assets'));
  await writeFile(join(dashboardDir, 'index.html'), '<!doctype html>THE APP');
  await writeFile(join(dashboardDir, 'assets', 'a-123.js'), 'export {}');
  await writeFile(join(dashboardDir, '..', 'outside.txt'), 'OUTSIDE');
  const { url } = await startBareServer({ dashboardDir });
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

test('a path that no file can have is not there, and nobody is told that it is forbidden', async () => {
  const dashboardDir = await scratchDir();
  await writeFile(join(dashboardDir, 'index.html'), '<!doctype html>THE APP');
  const { url } = await startBareServer({ dashboardDir });
  for (const path of [`/api/v1/things/${'a'.repeat(5000)}`, '//elsewhere', `/${'a'.repeat(300)}`]) {
    const answer = await fetch(`${url}${path}`);
    expect(answer.status, path).toBe(404);
    expect(await answer.json(), path).toMatchObject({ code: 'not-found' });
  }
});
