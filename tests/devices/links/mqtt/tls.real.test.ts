import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import mqtt from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { connectPacket, SECRETS, soon, startWorld } from './world.ts';
import { TEST_TLS } from './tls-fixture.ts';
import { generate } from 'mqtt-packet';

test('with a certificate the port speaks TLS, and an alarm over it is acknowledged', async () => {
  const world = await startWorld({ tls: TEST_TLS });
  const client = mqtt.connect(`mqtts://localhost:${world.port}`, {
    ca: TEST_TLS.cert,
    username: 'd1',
    password: SECRETS['d1'] ?? '',
    reconnectPeriod: 0,
  });
  onTestFinished(() => void client.end(true));
  await soon(() => client.connected, 'the connection');
  await client.publishAsync('zj/v1/d1/alarm', '{"type":"sos"}', { qos: 1 });
  expect(world.arrivals[0]).toMatchObject({ deviceId: 'd1', standing: 'verified' });
});

test('plain MQTT and silence on a TLS port are closed and cost nothing', async () => {
  const world = await startWorld({ tls: TEST_TLS, limits: { connectTimeoutMs: 200 } });
  const plain = connectTcp(world.port, '127.0.0.1', () => plain.write(generate(connectPacket('d1'))));
  const silent = connectTcp(world.port, '127.0.0.1');
  plain.on('error', () => undefined);
  silent.on('error', () => undefined);
  await Promise.all([once(plain.resume(), 'close'), once(silent.resume(), 'close')]);
  await soon(() => world.link.health().connections === 0, 'both to be gone');
  expect(world.link.health().status).toBe('ok');
});

test('an oversized alarm over TLS is raised too', async () => {
  const world = await startWorld({ tls: TEST_TLS });
  const client = mqtt.connect(`mqtts://localhost:${world.port}`, { ca: TEST_TLS.cert, reconnectPeriod: 0 });
  onTestFinished(() => void client.end(true));
  await soon(() => client.connected, 'the connection');
  await client.publishAsync('zj/v1/d1/alarm', Buffer.alloc(500_000, 0x20), { qos: 1 });
  expect(world.arrivals[0]?.raw.length).toBe(65_536);
});
