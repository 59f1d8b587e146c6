import { expect, test } from 'vitest';
import { ThinOut } from '../../../gateway/trace/thin-out.ts';
import { frameOf } from './frames.ts';

const HOUR_MS = 3_600_000;
const beat = (deviceId: string | null, link = 'dc09') =>
  frameOf(deviceId, 'NULL', { meaning: 'in any words', isSignOfLife: true, link });
const ack = (deviceId: string | null, isSignOfLife = true) =>
  frameOf(deviceId, 'ACK', { meaning: 'ack', direction: 'out', link: 'dc09', isSignOfLife });
const press = (deviceId: string) => frameOf(deviceId, 'QA', { link: 'dc09' });

test('of signs of life one an hour is kept, of each device on each link, with its answer', () => {
  const thinOut = new ThinOut();
  const kept = (frame: Parameters<ThinOut['isKept']>[0], atMs: number) => thinOut.isKept(frame, atMs);
  expect([kept(beat('d1'), 0), kept(ack('d1'), 0)]).toEqual([true, true]);
  expect([kept(beat('d1'), 60_000), kept(ack('d1'), 60_000)]).toEqual([false, false]);
  expect([kept(beat('d2'), 60_000), kept(beat(null), 60_000), kept(beat('d1', 'north'), 60_000)]).toEqual([
    true,
    true,
    true,
  ]);
  expect([kept(beat('d1'), HOUR_MS), kept(ack('d1'), HOUR_MS)]).toEqual([true, true]);
  // The clock was set back.
  expect(kept(beat('d1'), 0)).toBe(true);
});

test('what says more is kept always, with its answer, also between signs of life', () => {
  const thinOut = new ThinOut();
  thinOut.isKept(beat('d1'), 0);
  for (let atMs = 1000; atMs < 10_000; atMs += 1000) {
    expect(thinOut.isKept(beat('d1'), atMs)).toBe(false);
    expect(thinOut.isKept(press('d1'), atMs)).toBe(true);
    expect(thinOut.isKept(ack('d1', false), atMs)).toBe(true);
    expect(thinOut.isKept(frameOf('d1', '?', { meaning: 'heartbeat', link: 'dc09' }), atMs)).toBe(true);
  }
});

test('it remembers a bounded number of senders, and then keeps rather more than less', () => {
  const thinOut = new ThinOut();
  for (let sender = 0; sender < 100_001; sender += 1) expect(thinOut.isKept(beat(`d${sender}`), 0)).toBe(true);
  expect(thinOut.isKept(beat('d0'), 1)).toBe(true);
});
