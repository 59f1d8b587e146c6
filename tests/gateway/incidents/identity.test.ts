import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlarmEvent } from '../../../devices/event.ts';
import type { Standing } from '../../../devices/standing.ts';
import {
  calcRepeatKey,
  isRepeat,
  MARK_TTL_MS,
  nextTrust,
  readClock,
  SEQUENCE_WINDOW_MS,
  type ClockTrust,
  type RepeatMark,
} from '../../../gateway/incidents/identity.ts';
import { DAY, HOUR, MINUTE, NOW, pressed, SECOND, type EventChanges } from './build.ts';

/** Dispatch in small: remembers marks and trust as the store would, and tells which presses ring. */
function createEars() {
  const marks = new Map<string, RepeatMark>();
  const trust = new Map<string, ClockTrust>();
  return (event: AlarmEvent): 'rings' | 'repeat' => {
    const known = trust.get(event.deviceId ?? '') ?? null;
    const { rule, key } = calcRepeatKey(event, known);
    if (isRepeat(rule, event, marks.get(key) ?? null)) return 'repeat';
    marks.set(key, { eventId: event.id, incidentId: 'inc-1', receivedAt: event.receivedAt });
    if (event.standing === 'verified' && event.deviceId !== null) {
      trust.set(event.deviceId, nextTrust(known, readClock(event.message.at, event.receivedAt)));
    }
    return 'rings';
  };
}

function hear(...events: readonly EventChanges[]): string[] {
  const ears = createEars();
  return events.map((event) => ears(pressed(event)));
}

describe('a repeat', () => {
  test('is the same id and time again, also hours later, from a clock that was right', () => {
    const message = { id: '7', at: NOW - SECOND };
    expect(
      hear({ message }, { message, receivedAt: NOW + 3 * SECOND }, { message, receivedAt: NOW + 3 * HOUR }),
    ).toEqual(['rings', 'repeat', 'repeat']);
  });

  test('is an alarm kept through an outage and sent twice, when the clock had proved itself before', () => {
    const kept = { id: '8', at: NOW };
    expect(
      hear(
        { message: { id: '7', at: NOW - HOUR }, receivedAt: NOW - HOUR },
        { message: kept, receivedAt: NOW + 2 * DAY },
        { message: kept, receivedAt: NOW + 2 * DAY + MINUTE },
      ),
    ).toEqual(['rings', 'rings', 'repeat']);
  });

  test('is the same content within 5 s where id or time is missing', () => {
    expect(hear({}, { receivedAt: NOW + 5 * SECOND }, { receivedAt: NOW + 5 * SECOND + 1 })).toEqual([
      'rings',
      'repeat',
      'rings',
    ]);
  });

  test('does not push the 5 s on: a stuck button is heard again and again', () => {
    const presses = Array.from({ length: 10 }, (_, n) => ({ receivedAt: NOW + n * 2 * SECOND }));
    expect(hear(...presses).filter((each) => each === 'rings')).toHaveLength(4);
  });
});

describe('a frame that has a sequence', () => {
  const sequence = 'R1-L0-0007';

  test('is a repeat when it comes again within two minutes, also under another time and in other bytes', () => {
    const message = { sequence, zone: '1', at: NOW };
    const again = (afterMs: number) => ({ message: { ...message, at: NOW + afterMs }, receivedAt: NOW + afterMs });
    expect(hear({ message }, again(20 * SECOND), again(2 * MINUTE), again(2 * MINUTE + 1))).toEqual([
      'rings',
      'repeat',
      'repeat',
      'rings',
    ]);
  });

  test('is a press under the next number, however soon', () => {
    expect(hear({ message: { sequence } }, { message: { sequence: 'R1-L0-0008' }, receivedAt: NOW + 1 })).toEqual([
      'rings',
      'rings',
    ]);
  });

  test('rings when it says anything else under the same number, as after a restart of its counter', () => {
    const others = [{ type: 'smoke' }, { kind: 'restored' }, { zone: '2' }] as const;
    for (const other of others) {
      const message = { sequence, zone: '1' };
      expect(hear({ message }, { message: { ...message, ...other }, receivedAt: NOW + SECOND })).toEqual([
        'rings',
        'rings',
      ]);
    }
  });

  test('is not held against another device, nor against what proved itself otherwise', () => {
    const message = { sequence };
    for (const other of [{ deviceId: 'pendant-2' }, { standing: 'unverified' }] as const) {
      expect(hear({ message, ...other }, { message, receivedAt: NOW + SECOND })).toEqual(['rings', 'rings']);
    }
  });

  test('never swallows two frames of different numbers or devices, nor one that came two minutes after what rang', () => {
    const frame = fc.record({
      deviceId: fc.constantFrom('pendant-1', 'pendant-2'),
      number: fc.constantFrom('1', '2'),
      type: fc.constantFrom('sos', 'smoke'),
      gapMs: fc.integer({ min: 0, max: 50 * SECOND }),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 30 }), (frames) => {
        const ears = createEars();
        const rang = new Map<string, number>();
        let nowMs = NOW;
        for (const { deviceId, number, type, gapMs } of frames) {
          nowMs += gapMs;
          const name = `${deviceId} ${number} ${type}`;
          const lastMs = rang.get(name) ?? -Infinity;
          const verdict = ears(pressed({ deviceId, receivedAt: nowMs, message: { type, sequence: number } }));
          expect(verdict).toBe(nowMs - lastMs <= SEQUENCE_WINDOW_MS ? 'repeat' : 'rings');
          if (verdict === 'rings') rang.set(name, nowMs);
        }
      }),
    );
  });
});

describe('a press', () => {
  test('is the same payload a minute later', () => {
    expect(hear({}, { receivedAt: NOW + MINUTE })).toEqual(['rings', 'rings']);
  });

  test('is a counter that begins again at another time', () => {
    expect(
      hear({ message: { id: '1', at: NOW } }, { message: { id: '1', at: NOW + MINUTE }, receivedAt: NOW + MINUTE }),
    ).toEqual(['rings', 'rings']);
  });

  test('is another type, zone-less or not, under the same id and time', () => {
    const same = { id: '1', at: NOW };
    expect(hear({ message: { ...same } }, { message: { ...same, type: 'smoke' }, receivedAt: NOW + SECOND })).toEqual([
      'rings',
      'rings',
    ]);
  });

  test('is the same id and time of another device', () => {
    const message = { id: '1', at: NOW };
    expect(hear({ message }, { message, deviceId: 'pendant-2' })).toEqual(['rings', 'rings']);
  });

  test('rings every time from a pendant whose counter and clock begin anew with each battery, far off', () => {
    const message = { id: '1', at: Date.parse('1970-01-01T00:00:07Z') };
    const presses = [0, 1, 2, 3].map((n) => ({ message, receivedAt: NOW + n * MINUTE }));
    expect(hear(...presses)).toEqual(['rings', 'rings', 'rings', 'rings']);
  });

  test('rings every time from such a pendant also where its clock happens to be believable', () => {
    const message = { id: '1', at: NOW - 2 * DAY };
    const presses = [0, 1, 2, 3].map((n) => ({ message, receivedAt: NOW + n * MINUTE }));
    expect(hear(...presses)).toEqual(['rings', 'rings', 'rings', 'rings']);
  });

  test('rings every time from a clock that was wrong once, until it is right again', () => {
    const kept = { id: '1', at: NOW - DAY };
    const wrong = { message: { id: '0', at: NOW + 400 * DAY }, receivedAt: NOW - HOUR };
    const [, ...heard] = hear(wrong, { message: kept }, { message: kept, receivedAt: NOW + MINUTE });
    expect(heard).toEqual(['rings', 'rings']);
    const right = { message: { id: '9', at: NOW }, receivedAt: NOW };
    const again = hear(wrong, right, { message: kept }, { message: kept, receivedAt: NOW + MINUTE });
    expect(again.slice(2)).toEqual(['rings', 'repeat']);
  });

  test.each(['unverified', 'retired', 'unregistered'] as const)(
    'is never swallowed by what an %s sender sent',
    (standing) => {
      const message = { id: '1', at: NOW };
      for (const laid of [{ message }, {}]) {
        expect(hear({ ...laid, standing }, { ...laid, receivedAt: NOW + SECOND })).toEqual(['rings', 'rings']);
      }
    },
  );

  test('is never swallowed by what another publisher sent in its name', () => {
    const source = { protocol: 'mqtt-json', peer: 'x', publisher: 'pendant-2' } as const;
    expect(hear({ source, standing: 'unverified' }, { standing: 'unverified', receivedAt: NOW + SECOND })).toEqual([
      'rings',
      'rings',
    ]);
  });
});

test('no press of a verified device is swallowed unless the same device said the same within 5 s, or with a good clock', () => {
  const standing = fc.constantFrom<Standing>('verified', 'verified', 'unverified', 'unregistered');
  const press = fc.record({
    standing,
    deviceId: fc.constantFrom('pendant-1', 'pendant-2'),
    gapMs: fc.integer({ min: 0, max: 12 * SECOND }),
    id: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
    agoMs: fc.option(fc.constantFrom(0, MINUTE, 6 * MINUTE, HOUR, 8 * DAY, -HOUR), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(press, { maxLength: 30 }), (presses) => {
      const ears = createEars();
      const heard: { event: AlarmEvent; verdict: string }[] = [];
      let nowMs = NOW;
      for (const { gapMs, id, agoMs, ...rest } of presses) {
        nowMs += gapMs;
        const at = agoMs === undefined ? {} : { at: NOW - agoMs };
        const event = pressed({ ...rest, receivedAt: nowMs, message: { ...(id === undefined ? {} : { id }), ...at } });
        heard.push({ event, verdict: ears(event) });
      }
      for (const [n, { event, verdict }] of heard.entries()) {
        if (verdict !== 'repeat') continue;
        const twin = heard
          .slice(0, n)
          .find(
            (earlier) =>
              earlier.verdict === 'rings' &&
              earlier.event.standing === event.standing &&
              earlier.event.deviceId === event.deviceId &&
              earlier.event.raw === event.raw &&
              (event.receivedAt - earlier.event.receivedAt <= 5 * SECOND ||
                (event.message.id !== undefined && readClock(event.message.at, event.receivedAt) !== 'incredible')),
          );
        expect(twin).toBeDefined();
      }
    }),
    { numRuns: 500 },
  );
});

test('a device’s clock is fresh for 5 min, late for 7 days, and before or after that it is not believed', () => {
  const readings = [0, -5 * MINUTE, -5 * MINUTE - 1, 5 * MINUTE, 5 * MINUTE + 1, 7 * DAY, 7 * DAY + 1];
  expect(readings.map((ago) => readClock(NOW - ago, NOW))).toEqual([
    'fresh',
    'fresh',
    'incredible',
    'fresh',
    'late',
    'late',
    'incredible',
  ]);
  expect([undefined, Number.NaN, Infinity].map((at) => readClock(at, NOW))).toEqual([
    'none',
    'incredible',
    'incredible',
  ]);
});

test('marks outlive the 7 days for which a repeat can come', () => {
  expect(MARK_TTL_MS).toBeGreaterThan(7 * DAY);
});

test('a case by hand is told apart by its own id alone', () => {
  const byHand = { actor: 'user:u1', source: 'phone' } as const;
  expect(hear({ byHand, deviceId: null, raw: '' }, { byHand, deviceId: null, raw: '' })).toEqual(['rings', 'rings']);
});
