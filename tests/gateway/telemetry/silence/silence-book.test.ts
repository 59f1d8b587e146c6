import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SilenceBook, type MissedDevice } from '../../../../gateway/telemetry/silence/silence-book.ts';
import { SILENCE_LIMITS } from '../../../../gateway/telemetry/silence/silence-rules.ts';

const MINUTE = 60_000;
const { atOnce, windowMs, holdMs, graceMs } = SILENCE_LIMITS;
const AFTER = 7 * MINUTE;

/** Devices that fell silent at a moment; looked at every minute by a gateway that has heard since long. */
function openSite(limits = SILENCE_LIMITS) {
  const book = new SilenceBook(limits);
  const silentSince = new Map<string, number>();
  const raised = new Map<string, number>();
  const changes: { -readonly [K in keyof MissedDevice]?: MissedDevice[K] } = {};
  const world = {
    book,
    silentSince,
    raised,
    changes,
    now: 0,
    many: null as readonly string[] | null,
    hearingMs: 10 * holdMs,
  };
  const look = (): void => {
    const missed = [...silentSince].map(([deviceId, since]): MissedDevice => ({
      ...{ deviceId, subject: deviceId, silentMs: world.now - since, silentAfterMs: AFTER, isSupervised: true },
      mobility: deviceId.startsWith('watch') ? 'carried' : 'fixed',
      hearingMs: 10 * holdMs,
      isOpen: raised.has(deviceId),
      ...changes,
    }));
    const asked = book.look(world.now, world.hearingMs, missed);
    if (asked === null) return;
    const answer = book.decide(world.now, new Set(asked), new Set());
    for (const id of answer.raise) raised.set(id, world.now);
    world.many = answer.many;
  };
  const pass = (ms: number): void => {
    for (const end = world.now + ms; world.now < end;) {
      world.now += MINUTE;
      look();
    }
  };
  const heard = (id: string): void => {
    silentSince.delete(id);
    raised.delete(id);
  };
  return { ...world, world, look, pass, heard };
}

const ids = (count: number, name = 'd'): string[] => Array.from({ length: count }, (_, n) => `${name}${n}`);

test('four hundred that fall silent together are ten cases and one of many; when most are back each of the rest has its own', () => {
  const { world, silentSince, raised, pass, heard } = openSite();
  for (const id of ids(400)) silentSince.set(id, 0);
  pass(3 * 60 * MINUTE);
  expect(raised.size).toBe(atOnce);
  expect(world.many).toHaveLength(400 - atOnce);
  expect(world.many).toContain('d399');
  for (const id of ids(395)) heard(id);
  pass(MINUTE);
  expect([raised.size, world.many?.length]).toEqual([0, 5]);
  pass(windowMs + MINUTE);
  expect([raised.size, world.many]).toEqual([5, null]);
});

test('however they fall silent and come back, never more than fifteen cases begin in ten minutes, and in the end each has its own', () => {
  const fall = fc.record({ atMin: fc.integer({ min: 0, max: 300 }), count: fc.integer({ min: 1, max: 60 }) });
  fc.assert(
    fc.property(fc.array(fall, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 50 }), (falls, back) => {
      const { world, silentSince, raised, pass, heard } = openSite({ ...SILENCE_LIMITS, holdMs: 2 * 60 * MINUTE });
      for (const [n, { atMin, count }] of falls.toSorted((a, b) => a.atMin - b.atMin).entries()) {
        pass(atMin * MINUTE - world.now);
        for (const id of ids(count, `${n}-`)) silentSince.set(id, world.now);
      }
      pass(AFTER);
      for (const id of [...silentSince.keys()].slice(0, back)) heard(id);
      pass(2 * 60 * MINUTE + ((2 * silentSince.size) / atOnce + 2) * windowMs);
      expect(raised.size).toBe(silentSince.size);
      expect(world.many).toBeNull();
      const times = [...raised.values()].toSorted((a, b) => a - b);
      for (const [n, at] of times.entries())
        expect(at - (times[n - 1.5 * atOnce] ?? -Infinity)).toBeGreaterThanOrEqual(windowMs);
    }),
    { numRuns: 12 },
  );
});

test('an eleventh one follows when it was quiet for ten minutes, and one that dies long after many has its case at once', () => {
  const { world, silentSince, raised, pass } = openSite();
  for (const id of ids(11)) silentSince.set(id, 0);
  pass(AFTER + windowMs + MINUTE);
  expect([raised.size, world.many]).toEqual([11, null]);
  for (const id of ids(100, 'e')) silentSince.set(id, world.now);
  pass(AFTER + 2 * windowMs);
  const before = raised.size;
  silentSince.set('late', world.now);
  pass(AFTER);
  expect(raised.has('late')).toBe(true);
  expect(raised.size).toBe(before + 1);
});

test('whatever comes and goes after many: who falls silent alone has a case at once, and nothing is told as many for ever', () => {
  const story = fc.record({
    burst: fc.integer({ min: 0, max: 60 }),
    stay: fc.integer({ min: 0, max: 60 }),
    // Below what is many at once.
    everyMin: fc.integer({ min: 2, max: 15 }),
    lastsMin: fc.integer({ min: 10, max: 8 * 60 }),
  });
  fc.assert(
    fc.property(story, ({ burst, stay, everyMin, lastsMin }) => {
      const { world, silentSince, raised, pass, heard } = openSite();
      for (const id of ids(burst, 'b')) silentSince.set(id, 0);
      const churn = (minutes: number): void => {
        for (let minute = 0; minute < minutes; minute += 1) {
          const now = world.now / MINUTE;
          if (now % everyMin === 0) silentSince.set(`c${now}`, world.now);
          for (const [id, since] of silentSince) if (id.startsWith('c') && now - since / MINUTE > lastsMin) heard(id);
          pass(MINUTE);
        }
      };
      churn(60);
      for (const id of ids(burst, 'b').slice(stay)) heard(id);
      churn(60);
      silentSince.set('home-gateway', world.now);
      churn(AFTER / MINUTE);
      expect(raised.has('home-gateway')).toBe(true);
      churn((holdMs + (burst / 5 + 2) * windowMs) / MINUTE);
      expect(world.many).toBeNull();
    }),
    { numRuns: 25 },
  );
});

test('however many watches lose their network all day, a gateway that breaks has its case at once', () => {
  const { world, silentSince, raised, pass } = openSite();
  for (let minute = 0; minute < 10 * 60; minute += 1) {
    silentSince.set(`watch-${minute}-a`, world.now);
    silentSince.set(`watch-${minute}-b`, world.now);
    pass(MINUTE);
  }
  expect(world.many?.length).toBeGreaterThan(100);
  silentSince.set('home-gateway', world.now);
  pass(AFTER);
  expect(raised.has('home-gateway')).toBe(true);
});

test.each([
  ['home gateways', 'box', 'watch'],
  ['watches', 'watch', 'box'],
])('more %s that stay silent than are asked about at a look hide nobody of the other kind', (_kind, many, other) => {
  const asked = 50;
  const { world, silentSince, raised, pass } = openSite({ ...SILENCE_LIMITS, asked });
  for (const id of ids(3 * asked, many)) silentSince.set(id, 0);
  silentSince.set(`${other}-with-them`, 0);
  pass(AFTER);
  expect(raised.has(`${other}-with-them`)).toBe(true);
  pass(60 * MINUTE);
  for (const name of [many, other]) silentSince.set(`${name}-alone`, world.now);
  pass(AFTER);
  expect([...raised.keys()]).toEqual(expect.arrayContaining([`${many}-alone`, `${other}-alone`]));
  expect([raised.size, world.many?.length]).toEqual([3 + atOnce, 3 * asked - atOnce]);
});

test('a gateway that has just begun to hear tells nobody', () => {
  const { world, silentSince, raised, look } = openSite();
  silentSince.set('d', -60 * MINUTE);
  world.hearingMs = graceMs - 1;
  look();
  expect(raised.size).toBe(0);
  world.hearingMs = graceMs;
  look();
  expect(raised.size).toBe(1);
});

test('who is missed behind a way in that is down, or only just up, is told when it was up for a while', () => {
  const { world, silentSince, raised, changes, look } = openSite();
  silentSince.set('d', -60 * MINUTE);
  changes.hearingMs = 0;
  look();
  changes.hearingMs = graceMs - 1;
  look();
  expect([raised.size, world.many]).toEqual([0, null]);
  changes.hearingMs = graceMs;
  look();
  expect(raised.size).toBe(1);
});

test('many that are told of are not over because their way in breaks down too', () => {
  const { world, silentSince, changes, pass, look } = openSite();
  for (const id of ids(30)) silentSince.set(id, world.now);
  pass(AFTER);
  const before = world.many?.length;
  changes.hearingMs = 0;
  look();
  expect([before, world.many?.length]).toEqual([30 - atOnce, 30 - atOnce]);
});

test('one that told of many before its restart does not tell them one by one after it, and says when it is over', () => {
  const { world, book, silentSince, raised, pass } = openSite();
  for (const id of ids(30)) silentSince.set(id, -60 * MINUTE);
  book.adoptMany(world.now);
  pass(5 * MINUTE);
  expect([raised.size, world.many?.length]).toEqual([0, 30]);
  silentSince.clear();
  pass(graceMs + windowMs);
  expect([raised.size, world.many]).toEqual([0, null]);
});

test('who is in hospital is not told, and has as long as any when supervision begins again', () => {
  const { silentSince, raised, changes, pass } = openSite();
  silentSince.set('d', 0);
  Object.assign(changes, { isSupervised: false });
  pass(24 * 60 * MINUTE);
  expect(raised.size).toBe(0);
  Object.assign(changes, { isSupervised: true });
  pass(AFTER - MINUTE);
  expect(raised.size).toBe(0);
  pass(MINUTE);
  expect(raised.size).toBe(1);
});

test('what nothing kept is raised again at the next look, what was kept is not', () => {
  const { book, world, silentSince, raised, pass, look } = openSite();
  silentSince.set('d', 0);
  pass(AFTER);
  raised.clear();
  look();
  expect(raised.size).toBe(0);
  book.untell('d');
  world.now += MINUTE;
  look();
  expect(raised.size).toBe(1);
});
