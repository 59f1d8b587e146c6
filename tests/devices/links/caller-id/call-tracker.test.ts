import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dueAt,
  IDLE_LINE,
  type LineEvent,
  type LineState,
  NUMBER_WAIT_MS,
  RINGS_OVER_MS,
  trackCall,
} from '../../../../devices/links/caller-id/call-tracker.ts';

type Told = readonly [atMs: number, call: string, number: string | null];

/** Plays events at their times, and ticks whenever one is due between them and for a minute after. */
function play(events: readonly (readonly [atMs: number, event: LineEvent])[], from: LineState = IDLE_LINE) {
  let state = from;
  const told: Told[] = [];
  const happen = (event: LineEvent, atMs: number): void => {
    const tracked = trackCall(state, event, atMs);
    state = tracked.state;
    for (const { call, number } of tracked.news) told.push([atMs, call, number]);
  };
  const pass = (untilMs: number): void => {
    for (let due = dueAt(state); due !== null && due <= untilMs; due = dueAt(state)) happen({ kind: 'tick' }, due);
  };
  for (const [atMs, event] of events) {
    pass(atMs - 1);
    happen(event, atMs);
  }
  pass((events.at(-1)?.[0] ?? 0) + 60_000);
  return { told, state };
}

const RING: LineEvent = { kind: 'ring' };
const OFF_HOOK: LineEvent = { kind: 'off-hook' };
const ON_HOOK: LineEvent = { kind: 'on-hook' };
const from = (number: string | null): LineEvent => ({ kind: 'number', number });

describe('A call on a telephone line', () => {
  test('is told with its number as soon as that has come, and is over when it has not rung for 8 s', () => {
    const { told } = play([
      [0, RING],
      [1200, from('111')],
      [5000, RING],
      [10_000, RING],
    ]);
    expect(told).toEqual([
      [1200, 'ringing', '111'],
      [10_000 + RINGS_OVER_MS, 'ended', '111'],
    ]);
  });

  test('without a number is told 2.5 s after its first ring', () => {
    expect(play([[0, RING]]).told).toEqual([
      [NUMBER_WAIT_MS, 'ringing', null],
      [RINGS_OVER_MS, 'ended', null],
    ]);
  });

  test('without a number is told at its second ring, where that comes sooner', () => {
    expect(
      play([
        [0, RING],
        [2000, RING],
      ]).told[0],
    ).toEqual([2000, 'ringing', null]);
  });

  test('whose number was withheld is told at once', () => {
    expect(
      play([
        [0, RING],
        [900, from(null)],
      ]).told[0],
    ).toEqual([900, 'ringing', null]);
  });

  test('whose number comes after all is told again under it', () => {
    const { told } = play([
      [0, RING],
      [3000, from('111')],
    ]);
    expect(told.slice(0, 2)).toEqual([
      [NUMBER_WAIT_MS, 'ringing', null],
      [3000, 'ringing', '111'],
    ]);
    expect(told.slice(2).map(([, call, number]) => [call, number])).toEqual([
      ['ended', null],
      ['ended', '111'],
    ]);
  });

  test('whose number comes before the first ring (as tones) is one call', () => {
    const { told } = play([
      [0, from('111')],
      [600, RING],
      [5600, RING],
    ]);
    expect(told).toEqual([
      [0, 'ringing', '111'],
      [5600 + RINGS_OVER_MS, 'ended', '111'],
    ]);
  });

  test('whose number is told in two lines is one call', () => {
    const { told } = play([
      [0, RING],
      [1000, from('111')],
      [1001, from('111')],
    ]);
    expect(told.map(([, call]) => call)).toEqual(['ringing', 'ended']);
  });

  test('of somebody who rings off and calls again within 8 s is two calls', () => {
    const { told } = play([
      [0, RING],
      [1000, from('111')],
      [5000, RING],
      [6000, from('111')],
    ]);
    expect(told.map(([, call, number]) => [call, number])).toEqual([
      ['ringing', '111'],
      ['ended', '111'],
      ['ringing', '111'],
    ]);
  });

  test('of somebody else within 8 s is a call of theirs', () => {
    const { told } = play([
      [0, RING],
      [1000, from('111')],
      [4000, from('222')],
    ]);
    expect(told.slice(0, 3).map(([, call, number]) => [call, number])).toEqual([
      ['ringing', '111'],
      ['ended', '111'],
      ['ringing', '222'],
    ]);
  });

  test('is answered when the receiver is lifted, and nothing more is told of it', () => {
    const { told } = play([
      [0, RING],
      [1000, from('111')],
      [4000, OFF_HOOK],
      [60_000, ON_HOOK],
    ]);
    expect(told.slice(1)).toEqual([[4000, 'answered', '111']]);
  });

  test('is told although the receiver was lifted before its number came', () => {
    const { told } = play([
      [0, RING],
      [500, OFF_HOOK],
    ]);
    expect(told).toEqual([
      [500, 'ringing', null],
      [500, 'answered', null],
    ]);
  });

  test('rings anew after one that was answered, also where nobody told that the receiver was laid down', () => {
    const { told } = play([
      [0, RING],
      [1000, from('111')],
      [4000, OFF_HOOK],
      [100_000, RING],
      [105_000, RING],
    ]);
    expect(told.slice(2)).toEqual([
      [100_000 + NUMBER_WAIT_MS, 'ringing', null],
      [105_000 + RINGS_OVER_MS, 'missed', null],
    ]);
  });

  test('that was about to be told is told when we stop, and its end is nothing that we know', () => {
    const stopped: LineEvent = { kind: 'stopped' };
    expect(
      play([
        [0, RING],
        [300, stopped],
      ]).told,
    ).toEqual([[300, 'ringing', null]]);
    expect(
      play([
        [0, from('111')],
        [300, RING],
        [400, stopped],
      ]).told,
    ).toEqual([[0, 'ringing', '111']]);
  });

  test('is missed where the line tells of the receiver and nobody lifted it', () => {
    const { state } = play([
      [0, OFF_HOOK],
      [5000, ON_HOOK],
    ]);
    const { told } = play(
      [
        [100_000, RING],
        [101_000, from('111')],
      ],
      state,
    );
    expect(told.map(([, call]) => call)).toEqual(['ringing', 'missed']);
  });

  test('waiting behind another call is told', () => {
    const { told } = play([
      [0, RING],
      [1000, from('111')],
      [3000, OFF_HOOK],
      [30_000, from('222')],
    ]);
    expect(told.at(-1)).toEqual([30_000, 'ringing', '222']);
  });

  test('of a box that tells no rings has no end that anybody knows of', () => {
    const { told, state } = play([[0, from('111')]]);
    expect(told).toEqual([[0, 'ringing', '111']]);
    expect(state.call).toBeNull();
  });

  test('that was about to be told is told when the cable is pulled', () => {
    const { told, state } = play([
      [0, RING],
      [300, { kind: 'lost' }],
    ]);
    expect(told).toEqual([
      [300, 'ringing', null],
      [300, 'ended', null],
    ]);
    expect(state).toEqual(IDLE_LINE);
  });

  test('is told although the clock was looked at far too late', () => {
    const waiting = trackCall(IDLE_LINE, RING, 0).state;
    expect(trackCall(waiting, { kind: 'tick' }, 60_000).news).toEqual([
      { call: 'ringing', number: null },
      { call: 'ended', number: null },
    ]);
  });
});

const anyEvent: fc.Arbitrary<LineEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(RING) },
  { weight: 2, arbitrary: fc.constantFrom('111', '222').map(from) },
  fc.constantFrom<LineEvent>(from(null), OFF_HOOK, ON_HOOK, { kind: 'lost' }, { kind: 'tick' }),
);
const script = fc.array(fc.tuple(fc.integer({ min: 0, max: 12_000 }), anyEvent), { maxLength: 30 }).map((steps) => {
  let atMs = 0;
  return steps.map(([waitMs, event]) => [(atMs += waitMs), event] as const);
});

describe('Whatever happens on a line', () => {
  test('every ring is told of within 2.5 s, and every number the moment it comes', () => {
    fc.assert(
      fc.property(script, (events) => {
        const { told } = play(events);
        const alarms = told.filter(([, call]) => call === 'ringing');
        for (const [atMs, event] of events) {
          if (event.kind === 'ring') {
            const since = atMs - 60_000;
            expect(alarms.some(([toldAt]) => toldAt >= since && toldAt <= atMs + NUMBER_WAIT_MS)).toBe(true);
          }
          if (event.kind !== 'number' || event.number === null) continue;
          expect(alarms.some(([toldAt, , number]) => number === event.number && toldAt <= atMs)).toBe(true);
        }
      }),
    );
  });

  test('nothing is told of a call before that it rings, and nothing after its end', () => {
    fc.assert(
      fc.property(script, (events) => {
        const ringing = new Set<string | null>();
        for (const [, call, number] of play(events).told) {
          if (call === 'ringing') ringing.add(number);
          else expect(ringing.delete(number)).toBe(true);
        }
      }),
    );
  });

  test('an idle line waits for nothing', () => {
    fc.assert(
      fc.property(script, (events) => {
        const { state } = play(events);
        expect(dueAt(state)).toBeNull();
      }),
    );
  });
});
