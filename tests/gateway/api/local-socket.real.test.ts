import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findSocketPath } from '../../../gateway/api/local-socket-path.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { askSocket, startBareServer } from './bare-server.ts';
import { call } from './register-server.ts';

test('the local socket is for this account alone and has the rights of an admin', async () => {
  const { socketPath, dataDir, url } = await startBareServer();
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
  const { socketPath } = await startBareServer({ dataDir });
  await expect(startBareServer({ dataDir })).rejects.toMatchObject({
    code: 'config',
    faults: [{ code: 'in-use', key: 'ZHUJI_DATA' }],
  });
  expect((await askSocket(socketPath, '/api/v1/who')).status).toBe(200);
});

test('a data folder too deep for a socket gets one in the temporary folder, found by the note', async () => {
  const dataDir = join(await scratchDir(), 'deep'.repeat(30));
  const { socketPath, server } = await startBareServer({ dataDir });
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
  const { socketPath } = await startBareServer({ dataDir });
  expect(socketPath.startsWith(open)).toBe(false);
  expect(await readFile(join(dataDir, 'zhuji.sock.path'), 'utf8')).toBe(socketPath);
});
