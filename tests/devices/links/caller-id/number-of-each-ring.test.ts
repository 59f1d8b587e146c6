import { expect, test } from 'vitest';
import {
  IDLE_LINE,
  type LineEvent,
  RINGS_OVER_MS,
  trackCall,
} from '../../../../devices/links/caller-id/call-tracker.ts';

const RING: LineEvent = { kind: 'ring' };
const ofRing = (number: string): LineEvent => ({ kind: 'number', number, isOfRing: true });

test('a line that tells the number with each ring tells of one call, until it says that it is over', () => {
  const events: readonly (readonly [atMs: number, event: LineEvent])[] = [
    ...[[0, RING] as const, [10, ofRing('111')] as const, [5000, RING] as const, [5010, ofRing('111')] as const],
    [7000, { kind: 'over' }],
    ...[
      [8000, RING] as const,
      [8010, ofRing('111')] as const,
      [13_000, RING] as const,
      [13_010, ofRing('111')] as const,
    ],
    ...[
      [18_000, RING] as const,
      [18_010, ofRing('222')] as const,
      [23_000, RING] as const,
      [23_010, ofRing('222')] as const,
    ],
    [23_000 + RINGS_OVER_MS, { kind: 'tick' }],
  ];
  const told: (readonly [number, string, string | null])[] = [];
  let state = IDLE_LINE;
  for (const [atMs, event] of events) {
    const tracked = trackCall(state, event, atMs);
    state = tracked.state;
    for (const { call, number } of tracked.news) told.push([atMs, call, number]);
  }
  expect(told).toEqual([
    [10, 'ringing', '111'],
    [7000, 'ended', '111'],
    [8010, 'ringing', '111'],
    [18_010, 'ended', '111'],
    [18_010, 'ringing', '222'],
    [23_000 + RINGS_OVER_MS, 'ended', '222'],
  ]);
});
