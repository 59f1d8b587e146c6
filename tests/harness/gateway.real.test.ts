import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startGateway } from './gateway.ts';
import { processesBelow } from './processes-below.ts';

test('a gateway starts on free ports, answers, is commanded, stops, and goes on with its data', async () => {
  const gateway = await startGateway();
  expect((await fetch(`${gateway.httpUrl}/healthz`)).status).toBe(200);
  const device = await gateway.zhujiJson<{ deviceId: string }>('device', 'add', '--model', 'generic-one-touch');
  expect(await gateway.stop()).toEqual({ code: 0, signal: null });
  const again = await startGateway({
    dataDir: gateway.dataDir,
    ...(gateway.redisUrl === undefined ? {} : { redisUrl: gateway.redisUrl }),
    ...(gateway.databaseUrl === undefined ? {} : { databaseUrl: gateway.databaseUrl }),
  });
  const listed = await again.zhuji('device', 'list', '--json');
  expect(listed.stdout).toContain(device.deviceId);
  await again.kill9();
});

test('a gateway with servers of its own leaves them when it is killed, and ends them when it is stopped', async () => {
  const gateway = await startGateway({ embedded: true });
  await gateway.kill9();
  expect(processesBelow(gateway.dataDir).length).toBeGreaterThan(1);
  const again = await startGateway({ embedded: true, dataDir: gateway.dataDir });
  expect(existsSync(again.socketPath)).toBe(true);
  expect(await again.stop()).toEqual({ code: 0, signal: null });
  expect(processesBelow(gateway.dataDir)).toEqual([]);
});

test('a gateway that cannot start says why', async () => {
  await expect(startGateway({ env: { ZHUJI_HTTP_PORT: 'eighty' } })).rejects.toThrow(/ZHUJI_HTTP_PORT/);
});
