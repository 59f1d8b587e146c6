import { expect, test } from 'vitest';
import type { ContactSink } from '../../../devices/links/ports.ts';
import { MQTT, WaysIn } from '../../../gateway/telemetry/ways-in.ts';

/** Three ways in that may be down; what is named `mqtt-…` speaks MQTT. */
function openSite() {
  const ways = new WaysIn((deviceId) => deviceId.startsWith('mqtt-'));
  const told: string[] = [];
  const tell = (deviceId: string): void => void told.push(deviceId);
  const sink: ContactSink = { heard: tell, connected: tell, disconnected: tell, dropped: tell };
  const down = new Set<string>();
  const list = [MQTT, 'dc09', 'north'].map((name) => ({
    name,
    health: () => ({ status: down.has(name) ? 'degraded' : 'ok' }),
  }));
  return { ways, told, sink, down, canHear: (deviceId: string): boolean => ways.ears(list)(deviceId) };
}

test('a device is heard as long as one of the ways is up over which it was heard', () => {
  const { ways, told, sink, down, canHear } = openSite();
  ways.over('north', sink).heard('dialler', 'verified');
  ways.over('dc09', sink).connected('panel', 'verified');
  ways.over('north', sink).heard('panel', 'verified');
  expect(told).toEqual(['dialler', 'panel', 'panel']);
  down.add('north');
  expect([canHear('dialler'), canHear('panel')]).toEqual([false, true]);
  down.add('dc09');
  expect(canHear('panel')).toBe(false);
  down.clear();
  expect([canHear('dialler'), canHear('panel')]).toEqual([true, true]);
});

test('who does not prove itself shows no way', () => {
  const { ways, sink, down, canHear } = openSite();
  ways.over('north', sink).heard('mqtt-phone', 'unverified');
  down.add(MQTT);
  expect(canHear('mqtt-phone')).toBe(false);
});

test('before it was heard a device waits for MQTT where it speaks that, else for all other ways', () => {
  const { down, canHear } = openSite();
  down.add('north');
  expect([canHear('mqtt-phone'), canHear('panel')]).toEqual([true, false]);
  down.clear();
  down.add(MQTT);
  expect([canHear('mqtt-phone'), canHear('panel')]).toEqual([false, true]);
});
