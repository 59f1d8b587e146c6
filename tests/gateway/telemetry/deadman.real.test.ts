import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createDeadman } from '../../../gateway/telemetry/deadman.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { until } from '../../harness/until.ts';

const SOON = { timeoutMs: 30_000, what: 'calls' } as const;

/** Who rings when no call comes; `answer` may change. */
async function startListener() {
  const calls: string[] = [];
  const listener = { calls, status: 200 };
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    if (listener.status > 0) response.writeHead(listener.status).end('ok');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  afterwards(() => {
    server.closeAllConnections();
    server.close();
  });
  return { ...listener, listener, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path` };
}

function startDeadman(url: string, isAlive: () => boolean) {
  const lines: string[] = [];
  const deadman = createDeadman({
    url,
    isAlive,
    logger: pino({}, { write: (line) => void lines.push(line) }),
    everyMs: 20,
  });
  afterwards(() => deadman.stop());
  deadman.start();
  deadman.start();
  return { ...deadman, lines };
}

test('the address is called again and again, and no more after the stop', async () => {
  const { url, calls } = await startListener();
  const deadman = startDeadman(url, () => true);
  await until(() => calls.length >= 3, SOON);
  expect(new Set(calls)).toEqual(new Set(['GET /secret-path']));
  deadman.stop();
  deadman.stop();
  // What was on its way still comes; of one that goes on there would be ten a look.
  const isQuiet = async (): Promise<boolean> => {
    const before = calls.length;
    await delay(200);
    return calls.length === before;
  };
  await until(isQuiet, SOON);
  expect(deadman.lines).toEqual([]);
});

test('while the gateway cannot do its work nobody is told that it can', async () => {
  const { url, calls } = await startListener();
  let isAlive = false;
  startDeadman(url, () => isAlive);
  await delay(100);
  expect(calls).toEqual([]);
  isAlive = true;
  await until(() => calls.length > 0, SOON);
});

test('an address that refuses is told once in the log, without the address, and is called on', async () => {
  const { url, calls, listener } = await startListener();
  listener.status = 500;
  const { lines } = startDeadman(url, () => true);
  await until(() => calls.length >= 4 && lines.length > 0, SOON);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('"code":"500"');
  expect(lines.join()).not.toContain('secret-path');
});

test('an address where nobody is breaks nothing', async () => {
  const { lines } = startDeadman('http://127.0.0.1:1/', () => true);
  await until(() => lines.length > 0, SOON);
  await delay(50);
  expect(lines).toHaveLength(1);
});
