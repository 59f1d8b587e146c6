import { expect, test } from 'vitest';
import { ContactLog } from '../../../gateway/history/contact-log.ts';

const MINUTE = 60_000;

/** `d1` reports every minute; other names beginning with d are known too. */
function openLog() {
  let now = 0;
  const clock = { nowMs: () => now, monoMs: () => now };
  const log = new ContactLog(clock, (deviceId) => (deviceId.startsWith('d') ? 60 : null));
  const told = (): string[] => {
    const rows = log.take(1_000_000);
    log.settle(rows.length);
    return rows.map(({ deviceId, kind, data }) => `${deviceId} ${kind} ${JSON.stringify(data)}`);
  };
  /** As nobody else hears any of them. */
  const look = (): void => {
    log.tick(() => true);
    for (const device of log.overdue()) log.miss(device);
  };
  /** Time in which it comes round every second, or a little less often. */
  const wait = (ms: number, isHeard: (deviceId: string) => boolean = () => true): void => {
    const end = now + ms;
    log.tick(isHeard);
    while (now < end) {
      now = Math.min(end, now + 10_000);
      log.tick(isHeard);
    }
  };
  return { log, told, look, wait, pass: (ms: number) => (now += ms) };
}

test('coming, going and a connection without standing are rows', () => {
  const { log, told, pass } = openLog();
  log.connected('d1', 'verified');
  pass(1000);
  log.disconnected('d1', 'verified');
  log.connected('d2', 'unverified');
  log.disconnected('d2', 'unverified');
  expect(told()).toEqual([
    'd1 connected {}',
    'd1 disconnected {"lastHeardAt":"1970-01-01T00:00:00.000Z"}',
    'd2 refused {"standing":"unverified"}',
  ]);
});

test('a device that is silent for longer than two and a half heartbeats missed one, once, until it is heard', () => {
  const { log, told, look, wait } = openLog();
  log.heard('d1', 'verified');
  wait(150_000);
  look();
  expect(told()).toEqual([]);
  wait(1);
  look();
  look();
  expect(told()).toEqual(['d1 missed-heartbeat {"lastHeardAt":"1970-01-01T00:00:00.000Z","everyS":60}']);
  log.heard('d1', 'verified');
  look();
  expect(told()).toEqual(['d1 heard-again {"silentMs":150001}']);
});

test('that it lives is one row an hour, with how often it was heard', () => {
  const { log, told, look, pass } = openLog();
  for (let n = 0; n <= 120; n += 1) {
    log.heard('d1', 'verified');
    look();
    pass(MINUTE);
  }
  expect(told()).toEqual(['d1 heard {"count":60}', 'd1 heard {"count":60}']);
});

test('what was heard before this process began has as long as any to report, and what was missed is heard again', () => {
  const { log, told, look, wait } = openLog();
  wait(1_000_000);
  log.heard('d3', 'verified');
  log.remember([
    { deviceId: 'd1', lastMs: 400_000, isMissed: false },
    { deviceId: 'd2', lastMs: 300_000, isMissed: true },
    { deviceId: 'd3', lastMs: 0, isMissed: true },
  ]);
  look();
  expect(told()).toEqual([]);
  log.heard('d2', 'verified');
  log.heard('d3', 'verified');
  expect(told()).toEqual(['d2 heard-again {"silentMs":700000}']);
  wait(150_001);
  log.heard('d2', 'verified');
  log.heard('d3', 'verified');
  look();
  expect(told()).toEqual(['d1 missed-heartbeat {"lastHeardAt":"1970-01-01T00:06:40.000Z","everyS":60}']);
});

test('messages that are not taken are told at once and then counted for a minute', () => {
  const { log, told, pass } = openLog();
  for (let n = 0; n < 500; n += 1) log.dropped('d1', 'not-json');
  log.dropped('d1', 'oversized');
  expect(told()).toEqual(['d1 dropped {"reason":"not-json","count":1}', 'd1 dropped {"reason":"oversized","count":1}']);
  pass(MINUTE);
  log.tick(() => true);
  expect(told()).toEqual(['d1 dropped {"reason":"not-json","count":499}']);
  log.dropped('d1', 'not-json');
  expect(told()).toEqual(['d1 dropped {"reason":"not-json","count":1}']);
});

test('a flood of unknown names is bounded, counted, and pushes nobody else out', () => {
  const { log, told, pass } = openLog();
  for (let n = 0; n < 1000; n += 1) log.connected(`x${n}`, 'unregistered');
  log.connected('d1', 'verified');
  const rows = told();
  expect(rows).toHaveLength(122);
  expect(rows.at(-1)).toBe('null shed {"count":880}');
  expect(rows.at(-2)).toBe('d1 connected {}');
  pass(MINUTE);
  log.connected('x', 'unregistered');
  expect(told()).toEqual(['x refused {"standing":"unregistered"}']);
});

test('rows wait while nobody keeps them, up to a bound, and what is beyond it is told as a number', () => {
  const { log, told } = openLog();
  for (let n = 0; n < 50_010; n += 1) log.connected('d1', 'verified');
  expect(log.take(10)).toHaveLength(10);
  log.settle(10);
  const rows = told();
  expect(rows).toHaveLength(49_991);
  expect(rows.at(-1)).toBe('null shed {"count":10}');
});

test.each([
  ['its way in is down', ({ wait }: ReturnType<typeof openLog>) => wait(3_600_000, (id) => id !== 'd1')],
  ['this process stands still', ({ pass }: ReturnType<typeof openLog>) => pass(3_600_000)],
] as const)('while %s nobody is missed, and afterwards everybody has as long as any to report', (_, spend) => {
  const world = openLog();
  const { log, told, look, wait } = world;
  log.heard('d1', 'verified');
  wait(100_000);
  spend(world);
  look();
  wait(150_000);
  look();
  expect(told()).toEqual([]);
  wait(1);
  look();
  expect(told()).toEqual(['d1 missed-heartbeat {"lastHeardAt":"1970-01-01T00:00:00.000Z","everyS":60}']);
});

test('who was missed before it was deaf stays missed, for how long it was silent, until it is heard or reports elsewhere', () => {
  const { log, look, wait } = openLog();
  wait(0);
  log.heard('d1', 'verified');
  log.heard('d2', 'verified');
  wait(200_000);
  look();
  wait(100_000, (id) => id !== 'd1');
  wait(10_000);
  expect(log.missed()).toEqual([
    { deviceId: 'd1', lastMs: 0, silentMs: 310_000, hearingMs: 10_000 },
    { deviceId: 'd2', lastMs: 0, silentMs: 310_000, hearingMs: Infinity },
  ]);
  log.heard('d1', 'verified');
  log.leave('d1');
  log.leave('d2');
  expect(log.missed()).toEqual([]);
  wait(200_000);
  look();
  expect(log.missed().map(({ deviceId }) => deviceId)).toEqual(['d1']);
});

test('who hears over another way in is missed all the same, and by a process that has come round for long enough', () => {
  const { log, look, wait, pass } = openLog();
  for (const id of ['d1', 'd2']) log.heard(id, 'verified');
  wait(3_600_000, (id) => id !== 'd1');
  look();
  expect(log.missed().map(({ deviceId }) => deviceId)).toEqual(['d2']);
  expect(log.hearingMs()).toBe(3_600_000);
  pass(3_600_000);
  wait(1000);
  expect(log.hearingMs()).toBe(1000);
});
