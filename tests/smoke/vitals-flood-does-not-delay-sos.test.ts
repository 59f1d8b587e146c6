import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { connectDevice, type DeviceLink } from './world/device.ts';
import { addDevice } from './world/register.ts';
import { metric, sendVitals } from './world/wearables.ts';
import { openWorld, pressAndSee } from './world/world.ts';

const WEARABLES = 6;
/** Messages that each has on the way at any time, four readings in each. */
const WINDOW = 50;
const PRESSES = 12;
/** Acknowledgements take some milliseconds on a machine that has nothing else to do; in line behind the vitals, seconds. */
const LIMIT_MS = 2000;

/** Sends as fast as it is answered, until told to end; how many were acknowledged. */
async function flood(link: DeviceLink, deviceId: string, isOver: () => boolean): Promise<number> {
  let acked = 0;
  const one = async (): Promise<void> => {
    while (!isOver()) {
      const value = 60 + (acked % 40);
      const readings = ['heart-rate', 'spo2', 'temperature', 'steps'].map((name) => ({ metric: name, value }));
      // Not acknowledged: the connection is over.
      if (!(await sendVitals(link, deviceId, readings))) return;
      acked += 1;
    }
  };
  await Promise.all(Array.from({ length: WINDOW }, one));
  return acked;
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
  expect(besides.at(-1)).toBeLessThan(LIMIT_MS);
  // On the very connection that floods, behind all that it has on the way.
  expect(behind.at(-1)).toBeLessThan(LIMIT_MS);
  // There was a flood, and it was taken.
  expect(acked).toBeGreaterThan(WEARABLES * WINDOW * 4);
  expect(await metric(gateway, 'zhuji_vitals_accepted')).toBeGreaterThan(acked);
  expect(await metric(gateway, 'zhuji_vitals_unread')).toBe(0);
});
