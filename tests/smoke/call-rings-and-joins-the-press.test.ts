import { expect, test, type TestContext } from 'vitest';
import { createCallerIdModem } from '../../devices/simulator/caller-id-modem.ts';
import type { IncidentDetail } from '../../gateway/api/contract/incident.ts';
import { afterwards } from '../harness/cleanup.ts';
import { startGateway } from '../harness/gateway.ts';
import { ownRedis } from '../harness/own-servers.ts';
import { createDatabase } from '../harness/postgres.ts';
import { ptyPair, type PtyPair } from '../harness/pty-pair.ts';
import { until } from '../harness/until.ts';
import { logInAsAdmin, type Operator } from './world/operator.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee } from './world/world.ts';

const [PHONE, DAUGHTER, STRANGER, OTHER, LATE] = [
  '13800001111',
  '13800002222',
  '13900003333',
  '13900004444',
  '13900005555',
] as const;
const LONG_MS = 60_000;
/** What exchanges take five seconds for; nothing here depends on it. */
const QUICK = { rings: 2, ringEveryMs: 600, numberAfterMs: 50 } as const;

async function plugIn(cable: PtyPair, dialect: 'modem' | 'box') {
  const port = { path: cable.devicePath, baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const;
  const modem = createCallerIdModem({ port, dialect });
  await modem.start();
  afterwards(() => modem.stop());
  return modem;
}

async function site(context: TestContext) {
  const [front, desk, redis] = [await ptyPair(context), await ptyPair(context), await ownRedis()];
  const serial = `caller-id:${front.gatewayPath}?name=front,caller-id:${desk.gatewayPath}?name=desk&dialect=box`;
  const [modem, box] = [await plugIn(front, 'modem'), await plugIn(desk, 'box')];
  const { databaseUrl } = await createDatabase();
  const options = { redisUrl: redis.redisUrl, databaseUrl, env: { ZHUJI_SERIAL: serial } };
  return { ...(await openWorld(options)), options, redis, front, modem, box };
}

/** The case in whose alarms that number, or null: a withheld one, is named; as soon as it `fits`. */
async function caseOf(
  operator: Operator,
  number: string | null,
  fits: (detail: IncidentDetail) => boolean = () => true,
): Promise<IncidentDetail> {
  return until(
    async () => {
      const { items } = await operator.list('state=all');
      const details = await Promise.all(items.map(({ id }) => operator.detail(id)));
      return details.find(
        (detail) => detail.alarms.some(({ caller }) => caller !== null && caller.number === number) && fits(detail),
      );
    },
    {
      timeoutMs: LONG_MS,
      everyMs: 200,
      what: number === null ? 'a case of a withheld number' : 'the case of a number',
    },
  );
}

/** What `/readyz` says of a line: it counts what nobody understands. */
async function detailOf(httpUrl: string, line: string): Promise<string> {
  const { checks } = (await (await fetch(`${httpUrl}/readyz`)).json()) as {
    readonly checks: Readonly<Record<string, { readonly detail?: string }>>;
  };
  return checks[line]?.detail ?? '';
}

const e164 = (number: string): string => `+86${number}`;
const callsOf = ({ alarms }: IncidentDetail) => alarms.flatMap(({ call }) => (call === null ? [] : [call]));

test('a telephone call rings and finds its case; Redis, a pulled cable and noise change nothing', async (context) => {
  const { gateway, admin, operator, feed, options, redis, front, modem, box } = await site(context);
  const device = await addDevice(gateway, { name: 'Old Wang', sends: { number: PHONE } });
  await admin.post(`/residents/${device.residentId}/contacts`, {
    ...{ name: 'Wang Min', relation: 'daughter', number: e164(DAUGHTER) },
  });
  const isSetUp = (times: number) =>
    until(() => modem.commands().filter((command) => command === 'AT+VCID=1').length >= times, {
      timeoutMs: LONG_MS,
      what: 'the modem to be set up',
    });
  await isSetUp(1);

  // The phone presses over MQTT and calls, as one-key phones do: one case.
  const { incident } = await pressAndSee(feed, device, { type: 'sos' });
  await modem.call({ ...QUICK, caller: { date: '1122', time: '0214', number: PHONE } });
  const called = await caseOf(operator, e164(PHONE));
  expect(called).toMatchObject({ id: incident.id, type: 'sos', residentId: device.residentId, presses: 2 });
  expect(called.alarms.find(({ call }) => call === 'ringing')).toMatchObject({
    ...{ type: 'sos', deviceId: device.deviceId, flags: [], caller: { number: e164(PHONE), whose: 'device' } },
  });

  // So is the call of the daughter, whom the exchange tells with a 0 before the number.
  await box.call({ ...QUICK, caller: { number: `0${DAUGHTER}` } });
  const joined = await caseOf(operator, e164(DAUGHTER));
  expect(joined.id).toBe(incident.id);
  expect(joined.types).toEqual(['sos', 'call']);
  // Somebody lifts the receiver. From now on this line is known to tell it.
  await box.hook('off');
  await caseOf(operator, e164(DAUGHTER), (detail) => callsOf(detail).includes('answered'));
  await box.hook('on');

  // Nobody is known to have answered the modem's call: call back, until somebody spoke.
  await caseOf(operator, e164(PHONE), ({ flags }) => flags.includes('missed-call'));
  const spoke = await operator.act(incident.id, 'call', { number: e164(PHONE), result: 'answered' });
  expect(spoke.flags).not.toContain('missed-call');

  // A number that nobody registered has a case of its own, each.
  await modem.say(Uint8Array.from({ length: 3000 }, (_, at) => (at * 11) % 256));
  await modem.call({ ...QUICK, caller: { number: STRANGER } });
  await box.call({ ...QUICK, caller: { number: OTHER } });
  const [stranger, other] = [await caseOf(operator, e164(STRANGER)), await caseOf(operator, e164(OTHER))];
  expect(stranger).toMatchObject({ type: 'call', priority: 2, residentId: null, candidates: [], state: 'open' });
  expect(stranger.flags).toEqual(expect.arrayContaining(['unregistered', 'no-resident']));
  expect(new Set([incident.id, stranger.id, other.id]).size).toBe(3);
  // The id is a name made from the number, and not the number.
  expect(stranger.deviceId).not.toContain(STRANGER.slice(-4));
  const missed = await caseOf(operator, e164(OTHER), ({ flags }) => flags.includes('missed-call'));
  expect(callsOf(missed)).toEqual(['ringing', 'missed']);
  expect(missed.ringing).toBe(true);

  // Withheld numbers of one line stand together, and ring each time.
  await box.call({ ...QUICK, caller: { number: null, absence: 'private' } });
  const withheld = await caseOf(operator, null);
  expect(withheld).toMatchObject({ type: 'call', deviceId: 'desk' });
  await caseOf(operator, null, (detail) => callsOf(detail).includes('missed'));
  await box.call({ ...QUICK, caller: { number: null, absence: 'out-of-area' } });
  expect((await caseOf(operator, null, ({ presses }) => presses === 2)).id).toBe(withheld.id);

  // The cable is pulled in the middle of a number: who rang rings, without a number.
  const before = await detailOf(gateway.httpUrl, 'front');
  await modem.say(Buffer.from('\r\nRING\r\n\r\n%%\r\nNMBR = 1390000'));
  await until(async () => (await detailOf(gateway.httpUrl, 'front')) !== before, {
    timeoutMs: LONG_MS,
    what: 'half a number to come',
  });
  await front.unplug();
  await caseOf(operator, null, ({ deviceId }) => deviceId === 'front');
  await modem.stop();
  await front.plug();
  await modem.start();
  await isSetUp(2);

  // Without Redis the journal keeps it, and no phone has to be told so.
  await redis.kill9();
  await until(() => feed.statuses.at(-1)?.degraded === true, { timeoutMs: LONG_MS, what: 'the status to say so' });
  await modem.call({ ...QUICK, caller: { number: LATE } });
  const degraded = await caseOf(operator, e164(LATE));
  expect(degraded.flags).toContain('degraded');
  const told = [gateway.stdout(), gateway.stderr()].join('\n');
  await gateway.kill9();
  await redis.start();
  const next = await startGateway({ ...options, dataDir: gateway.dataDir });
  const after = await caseOf(await logInAsAdmin(next), e164(LATE));
  expect(after.id).toBe(degraded.id);
  expect(after.alarms.filter(({ call }) => call === 'ringing')).toHaveLength(1);

  for (const number of [PHONE, DAUGHTER, STRANGER, OTHER, LATE]) {
    expect(`${told}\n${next.stdout()}\n${next.stderr()}`).not.toContain(number);
  }
});
