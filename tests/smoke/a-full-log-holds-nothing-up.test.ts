import { expect, test } from 'vitest';
import { startGateway } from '../harness/gateway.ts';
import { connectDevice } from './world/device.ts';
import { countByText } from './world/ledger.ts';
import { addDevice } from './world/register.ts';

const PRESSES = 5;

test.each([
  ['on a full disk', 'exec "$0" "$@" 2>/dev/full'],
  // The sleeper holds the pipe's other end open and never reads; the pipe is full before the gateway starts.
  ['in a pipe that nobody reads', 'exec 2> >(exec sleep 60); head -c 65536 /dev/zero >&2; exec "$0" "$@"'],
])('with its log %s a gateway takes every press and ends when told to', async (_place, redirection) => {
  const gateway = await startGateway({
    prefix: ['bash', '-c', redirection],
    env: { ZHUJI_LOG_LEVEL: 'trace' },
  });
  const device = await addDevice(gateway);
  const link = await connectDevice(device);
  const texts = Array.from({ length: PRESSES }, (_, n) => `press ${n}`);
  for (const text of texts) expect(await link.press({ type: 'sos', text })).toBe(true);
  const found = await countByText(gateway, texts);
  expect([...found.values()]).toEqual(texts.map(() => 1));
  link.cut();
  expect(await gateway.stop()).toEqual({ code: 0, signal: null });
});
