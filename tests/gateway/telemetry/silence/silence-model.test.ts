import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SILENCE_LIMITS } from '../../../../gateway/telemetry/silence/silence-rules.ts';
import { Fleet, HEARTBEAT_S, LOOK_MS, SILENT_AFTER_MS } from './fleet.ts';

const GATEWAYS = ['a', 'b'] as const;
const DEVICES = ['d1', 'd2', 'd3'] as const;
const MINUTE = 60_000;
/** Two looks: one that sees, one that acts on what another gateway did. */
const SOON_MS = 2 * LOOK_MS;

const happening = fc.oneof(
  fc.record({
    kind: fc.constant('connect'),
    device: fc.constantFrom(...DEVICES),
    gateway: fc.constantFrom(...GATEWAYS),
  }),
  fc.record({ kind: fc.constant('die'), device: fc.constantFrom(...DEVICES) }),
  fc.record({ kind: fc.constant('restart'), gateway: fc.constantFrom(...GATEWAYS) }),
  fc.record({ kind: fc.constant('pass'), minutes: fc.integer({ min: 1, max: 20 }) }),
);

/** What is wrong on the board by what each gateway may know by now; null where nothing is. */
function findFault(fleet: Fleet, connectedAt: ReadonlyMap<string, number>): string | null {
  for (const [id, { raises, lastMs, at }] of fleet.devices) {
    const isOpen = fleet.open.has(id);
    const hearer = fleet.hearerOf(id);
    if (raises > 1) return `${id} has had two cases in one silence`;
    if (hearer === undefined || lastMs === null) {
      if (isOpen) return `${id} was never heard and has a case`;
      continue;
    }
    const silentForMs = fleet.now - Math.max(lastMs, fleet.sinceOf(hearer));
    if (at === null && silentForMs > SILENT_AFTER_MS + SOON_MS && !isOpen && !fleet.isOneOfMany(id))
      return `${id} is silent and has no case`;
    if (at !== null && fleet.now - lastMs < SILENT_AFTER_MS && fleet.isOneOfMany(id)) return `${id} is told as silent`;
    if (at === null && fleet.now - lastMs < SILENT_AFTER_MS && raises > 0) return `${id} has a case too early`;
    const livesForMs = fleet.now - (connectedAt.get(id) ?? 0);
    if (at !== null && livesForMs > SOON_MS && isOpen) return `${id} is heard and has a case`;
  }
  return null;
}

test('whatever comes and goes: who is silent has one case, once a silence, and who is heard has none', () => {
  fc.assert(
    fc.property(fc.array(happening, { minLength: 5, maxLength: 40 }), (happenings) => {
      const fleet = new Fleet(GATEWAYS, DEVICES);
      const connectedAt = new Map<string, number>();
      const check = (): void => {
        const fault = findFault(fleet, connectedAt);
        if (fault !== null) throw new Error(fault);
      };
      for (const it of happenings) {
        if (it.kind === 'pass') fleet.pass(it.minutes * MINUTE, check);
        else if (it.kind === 'restart') fleet.restart(it.gateway);
        else {
          if (it.kind === 'connect') connectedAt.set(it.device, fleet.now);
          fleet.connect(it.device, it.kind === 'connect' ? it.gateway : null);
        }
      }
      fleet.pass(SILENT_AFTER_MS + SOON_MS + MINUTE, check);
    }),
    { numRuns: 100 },
  );
});

/** A street: its power fails and comes back, devices break, gateways start anew. */
const STREET = Array.from({ length: 30 }, (_, n) => (n % 3 === 0 ? `watch-${n}` : `box-${n}`));
const misfortune = fc.oneof(
  fc.record({ kind: fc.constant('power-cut'), from: fc.nat(29), count: fc.integer({ min: 5, max: 30 }) }),
  fc.record({ kind: fc.constant('power-back'), from: fc.nat(29), count: fc.integer({ min: 5, max: 30 }) }),
  fc.record({ kind: fc.constant('restart'), gateway: fc.constantFrom(...GATEWAYS) }),
  fc.record({ kind: fc.constant('pass'), minutes: fc.integer({ min: 1, max: 90 }) }),
);

test('many at once: who is silent has a case or is told as one of many, who breaks alone has a case, and in the end all have', () => {
  fc.assert(
    fc.property(fc.array(misfortune, { minLength: 3, maxLength: 15 }), (happenings) => {
      const fleet = new Fleet(GATEWAYS, [...STREET, 'alone']);
      const connectedAt = new Map<string, number>();
      const check = (): void => {
        const fault = findFault(fleet, connectedAt);
        if (fault !== null) throw new Error(fault);
      };
      const connect = (id: string, gateway: string | null): void => {
        if (gateway !== null) connectedAt.set(id, fleet.now);
        fleet.connect(id, gateway);
      };
      for (const id of [...STREET, 'alone']) connect(id, 'a');
      fleet.pass(10 * MINUTE, check);
      for (const it of happenings) {
        if (it.kind === 'pass') fleet.pass(it.minutes * MINUTE, check);
        else if (it.kind === 'restart') fleet.restart(it.gateway);
        else
          for (const id of STREET.slice(it.from, it.from + it.count)) connect(id, it.kind === 'power-cut' ? null : 'a');
      }
      const { graceMs, windowMs, holdMs, atOnce } = SILENCE_LIMITS;
      // All that was at once is over.
      fleet.pass(SILENT_AFTER_MS + graceMs + 2 * windowMs + SOON_MS, check);
      connect('alone', null);
      fleet.pass(SILENT_AFTER_MS + HEARTBEAT_S * 1000 + SOON_MS, check);
      expect(fleet.open.has('alone')).toBe(true);
      fleet.pass(holdMs + ((2 * STREET.length) / atOnce + 1) * windowMs, check);
      expect(fleet.isToldOfMany).toBe(false);
      for (const [id, { at }] of fleet.devices) expect([id, fleet.open.has(id)]).toEqual([id, at === null]);
    }),
    { numRuns: 30 },
  );
});

test('a case that somebody closed although the device stays silent comes again a day later, once', () => {
  const fleet = new Fleet(GATEWAYS, DEVICES);
  fleet.connect('d1', 'a');
  fleet.pass(HEARTBEAT_S * 1000);
  fleet.connect('d1', null);
  fleet.pass(SILENT_AFTER_MS + SOON_MS);
  fleet.closeByHand('d1');
  fleet.pass(SILENCE_LIMITS.againMs - 5 * MINUTE);
  expect(fleet.open.has('d1')).toBe(false);
  fleet.pass(6 * MINUTE);
  expect(fleet.open.has('d1')).toBe(true);
});
