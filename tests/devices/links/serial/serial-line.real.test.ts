import { rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ptyPair } from '../../../harness/pty-pair.ts';
import { scratchDir } from '../../../harness/scratch.ts';
import { until } from '../../../harness/until.ts';
import { startedLine } from './line-world.ts';

test('bytes pass both ways', async (context) => {
  const { gatewayPath, devicePath } = await ptyPair(context);
  const [near, far] = [startedLine(gatewayPath), startedLine(devicePath)];
  await Promise.all([near.start(), far.start()]);
  expect(near.line.health()).toEqual({ status: 'ok', detail: `${gatewayPath}, 9600 8N1` });
  await far.write('RING\r\n\0\xff');
  await near.tells('open', 'bytes RING\r\n\0\xff');
  await near.write('ATA\r');
  await far.tells('open', 'bytes ATA\r');
});

test('what was pulled in the middle of a frame is told so, and read on when it is plugged in again', async (context) => {
  const pty = await ptyPair(context);
  const [near, far] = [startedLine(pty.gatewayPath), startedLine(pty.devicePath)];
  await Promise.all([near.start(), far.start()]);
  await far.write('5011 1812');
  await near.tells('open', 'bytes 5011 1812');
  await pty.unplug();
  await until(() => !near.line.isOpen() && !far.line.isOpen(), { timeoutMs: 30_000, what: 'both ends to notice' });
  await expect(near.write('x')).rejects.toMatchObject({ code: 'closed' });
  await until(() => near.line.health().detail.endsWith('not-there'), {
    timeoutMs: 30_000,
    what: 'the path to be gone',
  });
  expect(near.line.health().status).toBe('degraded');
  await pty.plug();
  await Promise.all([near.isOpen(), far.isOpen()]);
  await far.write('34E12101001');
  await until(() => near.told.at(-1) === 'bytes 34E12101001', {
    timeoutMs: 30_000,
    what: 'the bytes after the unplug',
  });
  expect(near.told).toEqual([
    'open',
    'bytes 5011 1812',
    expect.stringMatching(/^closed (gone|hung-up)$/),
    'open',
    'bytes 34E12101001',
  ]);
});

test('a port that is not there at the start is opened when it comes', async (context) => {
  const pty = await ptyPair(context, { isPlugged: false });
  const near = startedLine(pty.gatewayPath);
  await near.start();
  expect(near.line.health()).toEqual({ status: 'degraded', detail: `${pty.gatewayPath}: not-there` });
  await pty.plug();
  await near.isOpen();
  await near.tells('open');
});

test('a link that names another port by now is followed there, without an event of the old one', async (context) => {
  const [first, second] = [await ptyPair(context), await ptyPair(context)];
  const folder = await scratchDir();
  const byId = join(folder, 'usb-modem');
  await symlink(first.gatewayPath, byId);
  const near = startedLine(byId);
  await near.start();
  await symlink(second.gatewayPath, join(folder, 'next'));
  await rename(join(folder, 'next'), byId);
  await near.tells('open', 'closed gone', 'open');
  const far = startedLine(second.devicePath);
  await far.start();
  await far.write('here');
  await near.tells('open', 'closed gone', 'open', 'bytes here');
});

test('a port has one user: the second waits until the first is done', async (context) => {
  const { gatewayPath } = await ptyPair(context);
  const [one, two] = [startedLine(gatewayPath), startedLine(gatewayPath)];
  await one.start();
  await two.start();
  expect(two.line.health()).toEqual({ status: 'degraded', detail: `${gatewayPath}: in-use` });
  await one.line.stop();
  await two.isOpen();
});

test('what is no serial port is told as a fault and stops nothing', async () => {
  const near = startedLine('/dev/null');
  await near.start();
  expect(near.line.health().status).toBe('degraded');
  expect(near.told).toEqual([]);
});

test('more than may wait to be written is refused, the rest is written', async (context) => {
  const pty = await ptyPair(context);
  const near = startedLine(pty.gatewayPath, { limits: { lookEveryMs: 100, queuedBytes: 1000 } });
  const far = startedLine(pty.devicePath);
  await Promise.all([near.start(), far.start()]);
  const [taken, refused] = [near.write('x'.repeat(600)), near.write('y'.repeat(600))];
  await expect(refused).rejects.toMatchObject({ code: 'queue-full' });
  await taken;
  await near.write('z'.repeat(600));
  await far.tells('open', `bytes ${'x'.repeat(600)}${'z'.repeat(600)}`);
});

test('start and stop may be called twice, and nothing is told after a stop', async (context) => {
  const pty = await ptyPair(context);
  const near = startedLine(pty.gatewayPath);
  await Promise.all([near.start(), near.start()]);
  await near.line.stop();
  await near.line.stop();
  await pty.unplug();
  await pty.plug();
  await delay(300);
  expect(near.told).toEqual(['open', 'closed stopped']);
  await near.start();
  await near.tells('open', 'closed stopped', 'open');
});
