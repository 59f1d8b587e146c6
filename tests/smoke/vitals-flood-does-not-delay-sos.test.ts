import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { until } from '../harness/until.ts';
import { connectDevice, type DeviceLink } from './world/device.ts';
import { addDevice } from './world/register.ts';
import { metric, sendVitals, vitalsCheck, type Sent } from './world/wearables.ts';
import { openWorld, pressAndSee } from './world/world.ts';

const WEARABLES = 6;
/** Messages that each has on the way at any time, four readings in each. */
const WINDOW = 50;
const PRESSES = 12;
/** Messages of each at once, whatever is answered. */
const BURST = 1000;
const READINGS = 4;
/**
 * Acknowledgements take some milliseconds on a machine that has nothing else to do; in line behind the vitals each takes seconds.
 * A machine that stands still for a moment delays one of them.
 */
const LIMIT_MS = 2000;
const LONGEST_MS = 10_000;

function expectPrompt(times: readonly number[]): void {
  expect(times[Math.floor(times.length / 2)]).toBeLessThan(LIMIT_MS);
  expect(times.at(-1)).toBeLessThan(LONGEST_MS);
}

function readingsOf(number: number): Sent[] {
  const value = 60 + (number % 40);
  return ['heart-rate', 'spo2', 'temperature', 'steps'].map((name) => ({ metric: name, value }));
}

/** Sends as fast as it is answered, until told to end; how many were acknowledged. */
async function flood(link: DeviceLink, deviceId: string, isOver: () => boolean): Promise<number> {
  let acked = 0;
  const one = async (): Promise<void> => {
    while (!isOver()) {
      // Not acknowledged: the connection is over.
      if (!(await sendVitals(link, deviceId, readingsOf(acked)))) return;
      acked += 1;
    }
  };
  await Promise.all(Array.from({ length: WINDOW }, one));
  return acked;
}

/** All at once, whatever is answered; whether each was acknowledged. */
async function burst(link: DeviceLink, deviceId: string): Promise<boolean[]> {
  link.socket.cork();
  const acked = Array.from({ length: BURST }, (_, number) => sendVitals(link, deviceId, readingsOf(number)));
  link.socket.uncork();
  return Promise.all(acked);
}

async function timePresses(link: DeviceLink): Promise<number[]> {
  const times: number[] = [];
  for (let press = 0; press < PRESSES; press += 1) {
    const startedMs = performance.now();
    expect(await link.press({ type: 'sos', text: `press ${press}` })).toBe(true);
    times.push(performance.now() - startedMs);
    await delay(40);
  }
  return times.toSorted((a, b) => a - b);
}

test('while wearables send as fast as they can, a press is acknowledged and shown as ever', async () => {
  const { gateway, feed } = await openWorld();
  const quiet = await addDevice(gateway, { name: '周奶奶' });
  const other = await addDevice(gateway, { name: '吴爷爷' });
  const another = await addDevice(gateway, { name: '郑奶奶' });
  const wearables = await Promise.all(
    Array.from({ length: WEARABLES }, () => addDevice(gateway, { model: 'generic-wearable' })),
  );
  const links = await Promise.all(wearables.map((device) => connectDevice(device)));
  const presser = await connectDevice(quiet);
  await timePresses(presser);

  let isOver = false;
  const floods = links.map((link, index) => flood(link, wearables[index]?.deviceId ?? '', () => isOver));
  await delay(300);
  const [busy] = links;
  if (busy === undefined) throw new Error('no wearable');
  const besides = await timePresses(presser);
  const behind = await timePresses(busy);
  const shown = await pressAndSee(feed, other, { type: 'fall' });
  isOver = true;
  const acked = (await Promise.all(floods)).reduce((sum, count) => sum + count, 0);

  expect(shown.incident.type).toBe('fall');
  expectPrompt(besides);
  // On the very connection that floods, behind all that it has on the way.
  expectPrompt(behind);
  // There was a flood, and it was taken.
  expect(acked).toBeGreaterThan(WEARABLES * WINDOW * 4);
  expect(await metric(gateway, 'zhuji_vitals_accepted')).toBeGreaterThan(acked);
  expect(await metric(gateway, 'zhuji_vitals_unread')).toBe(0);

  // Who waits for no answer is read more slowly, or what it sends is shed; and a press is still acknowledged and shown.
  const bursts = links.map((link, index) => burst(link, wearables[index]?.deviceId ?? ''));
  const amid = await timePresses(presser);
  const seen = await pressAndSee(feed, another, { type: 'smoke' });
  expect((await Promise.all(bursts)).flat()).not.toContain(false);
  expectPrompt(amid);
  expect(seen.incident.type).toBe('smoke');

  const counts = async () => {
    const of = (name: string) => metric(gateway, `zhuji_vitals_${name}`);
    const shed = await Promise.all(['vital', 'everyday', 'flagged'].map((worth) => of(`shed{worth="${worth}"}`)));
    return {
      accepted: await of('accepted'),
      stored: await of('stored'),
      repeats: await of('repeats'),
      unread: await of('unread'),
      shed: shed.reduce((sum, count) => sum + count, 0),
    };
  };
  const isAllStored = async () => {
    const { accepted, stored, shed } = await counts();
    return accepted === stored + shed;
  };
  await until(isAllStored, { timeoutMs: 60_000, what: 'every reading to be stored or counted as shed' });
  const { accepted, repeats, unread } = await counts();
  expect(accepted + repeats + unread * READINGS).toBe((acked + WEARABLES * BURST) * READINGS);
  const { status } = await vitalsCheck(gateway);
  expect(status).toBe(unread === 0 ? 'ok' : 'degraded');
});
