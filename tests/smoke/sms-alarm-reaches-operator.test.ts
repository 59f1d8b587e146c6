import { pino } from 'pino';
import { expect, test, type TestContext } from 'vitest';
import { DEVICE_MODELS } from '../../devices/catalog/models.ts';
import { createGsmLink } from '../../devices/links/gsm/gsm-link.ts';
import { createGsmModem } from '../../devices/simulator/gsm-modem.ts';
import { systemClock } from '../../gateway/clock.ts';
import { createIngest } from '../../gateway/ingest/ingest.ts';
import { connectRedis } from '../../gateway/store/redis.ts';
import { afterwards } from '../harness/cleanup.ts';
import { ownRedis } from '../harness/own-servers.ts';
import { ptyPair, type PtyPair } from '../harness/pty-pair.ts';
import { scratchDir } from '../harness/scratch.ts';
import { until } from '../harness/until.ts';
import { addDevice } from './world/register.ts';
import { openWorld, type World } from './world/world.ts';

const [WATCH, DAUGHTER, STRANGER] = ['+8613800001111', '+8613800002222', '+8613900003333'] as const;
const SETTINGS = { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;
const soon = (what: string) => ({ timeoutMs: 60_000, what });

async function plugIn(cable: PtyPair) {
  const modem = createGsmModem({ port: { path: cable.devicePath, ...SETTINGS }, clock: systemClock });
  await modem.start();
  afterwards(() => modem.stop());
  return modem;
}

async function site(context: TestContext) {
  const cable = await ptyPair(context);
  const modem = await plugIn(cable);
  const world = await openWorld({ env: { ZHUJI_SERIAL: `gsm:${cable.gatewayPath}?name=gsm-1` } });
  return { ...world, cable, modem };
}

/** The opening of a case of that type by whoever `is` the sender. */
function opened({ feed }: World, type: string, is: (deviceId: string | null) => boolean) {
  return feed.until(
    ({ entry, incident }) => entry.type === 'opened' && incident.type === type && is(incident.deviceId),
    `a case of type ${type}`,
  );
}

test('an SMS rings, leaves the card when it is kept, and who is told by SMS may answer', async (context) => {
  const world = await site(context);
  const { gateway, admin, operator, feed, cable, modem } = world;
  const watch = await addDevice(gateway, { name: '王秀英', model: 'watch-sms', sends: { number: WATCH } });
  await admin.post(`/residents/${watch.residentId}/contacts`, {
    ...{ name: '王小明', relation: 'daughter', number: DAUGHTER, notice: true },
  });
  const isEmpty = () => until(() => modem.stored() === 0, soon('the card to be empty'));

  // More than one message holds, in Chinese; the network brings the parts the wrong way round.
  const text = `SOS 求救！${'我在三楼楼梯口，起不来。🚑'.repeat(8)}`;
  const parts = modem.pdusOf(WATCH, text);
  expect(parts.length).toBeGreaterThan(1);
  for (const part of parts.toReversed()) modem.bring(part);
  const { incident } = await opened(world, 'sos', (deviceId) => deviceId === watch.deviceId);
  expect(incident).toMatchObject({ priority: 1, residentId: watch.residentId, flags: [], presses: 1 });
  const { alarms } = await operator.detail(incident.id);
  expect(alarms).toMatchObject([{ type: 'sos', text, caller: { number: WATCH, whose: 'device' } }]);
  await isEmpty();

  // The network brings it once more.
  for (const part of parts) modem.bring(part);
  await feed.until(({ entry }) => entry.type === 'repeated', 'the repeat to be known');
  await isEmpty();
  expect(await operator.detail(incident.id)).toMatchObject({ presses: 1 });

  // Her daughter chose to be told.
  await until(() => modem.sent().length > 0, soon('the notice'));
  const [notice] = modem.sent();
  expect(notice).toMatchObject({ to: { value: DAUGHTER.slice(1) }, body: { text: expect.stringContaining('王秀英') } });
  const notes = async () => (await operator.detail(incident.id)).log.filter(({ type }) => type === 'notified');
  await until(async () => (await notes()).some(({ data }) => data['result'] === 'delivered'), soon('the receipt'));
  expect((await notes())[0]?.data).toMatchObject({ channel: 'sms', result: 'sent' });

  // She answers: a note with her words, and no press.
  modem.receive(DAUGHTER, '知道了，我十分钟到');
  await feed.until(({ entry }) => entry.type === 'joined' && entry.data['kind'] === 'answer', 'the answer');
  const answered = await operator.detail(incident.id);
  expect(answered.presses).toBe(1);
  expect(answered.alarms).toMatchObject([{ type: 'sos' }, { kind: 'answer', text: '知道了，我十分钟到' }]);

  // Noise, and what advertises.
  modem.say(`\r\n+CMTI: "S\r\n\u0000\u00FF^BOOT\r\nOK\r\n+CMT:\r\n${'x'.repeat(3000)}\r\n> `);
  modem.receive('10086', '您的话费余额不足，请拨打求助热线');
  const advertised = await opened(world, 'service', () => true);
  expect(advertised.incident).toMatchObject({ priority: 3 });

  // The cable is pulled in the middle of a message from somebody whom nobody knows.
  modem.mood.isAnswering = false;
  modem.receive(STRANGER, '救命');
  modem.say('\r\n+CMGL: 1,0,,30\r\n0791132604');
  await modem.stop();
  await cable.unplug();
  await cable.plug();
  modem.mood.isAnswering = true;
  await modem.start();
  const stranger = await opened(world, 'sos', (deviceId) => deviceId !== watch.deviceId);
  expect(stranger.incident.flags).toEqual(expect.arrayContaining(['unregistered']));
  await isEmpty();

  const told = `${gateway.stdout()}\n${gateway.stderr()}`;
  for (const personal of ['1380000', '1390000', '求救', '知道了', '救命', '王']) expect(told).not.toContain(personal);
});

test('with Redis frozen and the journal held back a message stays on its card until it is on disk', async (context) => {
  const heldMs = 1500;
  const [redis, cable, dataDir] = [await ownRedis(), await ptyPair(context), await scratchDir()];
  const modem = await plugIn(cable);
  const logger = pino({ level: 'silent' });
  const connection = connectRedis({ target: redis.redisUrl, role: 'alarm', gatewayId: 'g1', logger });
  const disk = { module: new URL('world/disk.fixture.ts', import.meta.url), options: { syncsAfterMs: heldMs } };
  const ingest = createIngest({
    ...{ dataDir, gatewayId: 'g1', clock: systemClock, logger, redis: connection, journal: { disk } },
  });
  await ingest.start();
  const link = createGsmLink({
    ...{ name: 'gsm-1', memory: 'SM', door: ingest.door, models: DEVICE_MODELS, clock: systemClock, logger },
    port: { path: cable.gatewayPath, ...SETTINGS },
    book: {
      callerOf: (_line, number) => ({
        ...{ deviceId: 'tel-1', standing: 'unregistered', model: null, key: null },
        caller: { number, whose: 'unknown', residentIds: [], homeId: null },
      }),
    },
    contacts: { heard: () => undefined },
    awaited: () => null,
    onReceipt: () => undefined,
  });
  afterwards(async () => {
    redis.thaw();
    await link.stop();
    await ingest.stop();
    connection.disconnect();
  });
  await link.start();
  await until(() => link.health().status === 'ok', soon('the modem'));
  redis.freeze();
  const began = performance.now();
  modem.receive(STRANGER, '救命');
  await until(() => modem.stored() === 0, soon('the card to be empty'));
  expect(performance.now() - began).toBeGreaterThanOrEqual(heldMs);
});
