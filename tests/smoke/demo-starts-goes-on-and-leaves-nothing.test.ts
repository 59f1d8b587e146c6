import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import type { FramePage } from '../../gateway/api/contract/frames.ts';
import { afterwards } from '../harness/cleanup.ts';
import { freePort } from '../harness/free-port.ts';
import { killBelow, processesBelow } from '../harness/processes-below.ts';
import { compileCacheOf } from '../harness/run-folder.ts';
import { scratchDir } from '../harness/scratch.ts';
import { until } from '../harness/until.ts';

const ZHUJI = join(import.meta.dirname, '..', '..', 'scripts', 'zhuji', 'main.ts');

type Listed = { readonly items: readonly { readonly id: string; readonly deviceId?: string | null }[] };

/** As it stands on the screen when everything runs. */
type Told = { readonly url: string; readonly passwords: Readonly<Record<string, string>>; readonly text: string };

/** The demo in a process group of its own, as a terminal starts it. */
async function startDemo(dataDir: string, ports: { readonly http: number; readonly mqtt: number }) {
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  const child = spawn(process.execPath, [ZHUJI, 'demo', '--presses-per-hour', '3600'], {
    cwd: await scratchDir(),
    detached: true,
    env: {
      ...{ PATH, HOME, TMPDIR, LANG, ZHUJI_DATA: dataDir },
      ...{ ZHUJI_HTTP_PORT: String(ports.http), ZHUJI_MQTT_PORT: String(ports.mqtt) },
      NODE_COMPILE_CACHE: compileCacheOf(inject('runFolder')),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => void (text += part));
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  afterwards(() => killBelow(dataDir));
  afterwards(() => void child.kill('SIGKILL'));
  await until(() => text.includes('Ctrl-C: stop everything') || child.exitCode !== null, {
    timeoutMs: 120_000,
    what: 'the demo to run',
  });
  const told: Told = {
    text,
    url: /open {2}(\S+)/.exec(text)?.[1] ?? '',
    passwords: Object.fromEntries(
      [...text.matchAll(/^ {2}(admin|operator2?|supervisor) +(\S+)$/gm)].map(([, name, password]) => [name, password]),
    ),
  };
  return {
    told,
    /** Ctrl-C: the terminal tells every process of the group. */
    interrupt: async () => {
      process.kill(-(child.pid ?? 0), 'SIGINT');
      const [code] = await ended;
      return code;
    },
  };
}

async function logIn({ url, passwords }: Told, username: string): Promise<{ get: <T>(path: string) => Promise<T> }> {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: passwords[username], token: true }),
  });
  expect(answer.status).toBeLessThan(300);
  const { token } = (await answer.json()) as { readonly token: string };
  return {
    get: async <T>(path: string) => {
      const got = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
      return (await got.json()) as T;
    },
  };
}

/** What the demo prints for `nc`: the frame goes to the receiver that it names, and what comes back is read until it is an answer. */
async function sendAsPrinted(text: string): Promise<string> {
  const [, frame = '', host = '', port = ''] = /printf '\\n(.+)\\r' \| nc -q 1 (\S+) (\d+)/.exec(text) ?? [];
  const socket = connect({ host, port: Number(port) });
  afterwards(() => void socket.destroy());
  let answer = '';
  socket.setEncoding('latin1').on('data', (part: string) => void (answer += part));
  await once(socket, 'connect');
  socket.write(`\n${frame}\r`);
  return until(() => (answer.endsWith('\r') ? answer : undefined), { timeoutMs: 30_000, what: 'an answer to a panel' });
}

test('the demo shows a district that presses, and Ctrl-C leaves nothing running; it goes on with the same data', async () => {
  const dataDir = join(await scratchDir(), 'data');
  // Somebody else has the port that it is told to take.
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  afterwards(() => void other.close());
  const taken = (other.address() as { readonly port: number }).port;
  const ports = { http: taken, mqtt: await freePort() };

  const first = await startDemo(dataDir, ports);
  expect(first.told.text).toContain(`Port ${taken} (ZHUJI_HTTP_PORT) is in use`);
  expect(new URL(first.told.url).port).not.toBe(String(taken));
  expect(Object.keys(first.told.passwords).toSorted()).toEqual(['admin', 'operator', 'operator2', 'supervisor']);
  const page = await fetch(first.told.url);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<!doctype html')]);
  const operator = await logIn(first.told, 'operator');
  const { items: devices } = await operator.get<Listed>('/devices');
  expect(devices.length).toBeGreaterThan(3);
  const incidents = () => operator.get<Listed>('/incidents?state=all');
  const pressed = await until(async () => (await incidents()).items[0]?.id, {
    timeoutMs: 60_000,
    what: 'a press of a simulated device',
  });
  expect(await sendAsPrinted(first.told.text)).toContain('"ACK"');
  await until(async () => (await incidents()).items.some(({ deviceId }) => deviceId === 'demo-panel-2'), {
    timeoutMs: 60_000,
    what: 'a case of the panel in clear',
  });
  expect(processesBelow(dataDir).length).toBeGreaterThan(1);
  expect(await first.interrupt()).toBe(0);
  expect(processesBelow(dataDir)).toEqual([]);

  const againFrom = Date.now();
  const again = await startDemo(dataDir, ports);
  expect(again.told.passwords).toEqual(first.told.passwords);
  const same = await logIn(again.told, 'operator');
  const admin = await logIn(again.told, 'admin');
  expect((await same.get<Listed>('/devices')).items.map(({ id }) => id)).toEqual(devices.map(({ id }) => id));
  // Its panel that encrypts still has the key of the first start.
  const hasEncrypted = async (): Promise<boolean> =>
    (await admin.get<FramePage>('/devices/demo-panel-3/frames')).items.some(
      ({ at, text }) => Date.parse(at) > againFrom && text.includes('"*NULL"'),
    );
  await until(hasEncrypted, { timeoutMs: 60_000, what: 'a panel that encrypts' });
  expect((await same.get<{ readonly id: string }>(`/incidents/${pressed}`)).id).toBe(pressed);
  expect(await again.interrupt()).toBe(0);
  expect(processesBelow(dataDir)).toEqual([]);
});
