import { expect, test } from 'vitest';
import { Ticker } from '../../../dashboard/clock/ticker.ts';

function tickerAt(startMs: number) {
  let nowMs = startMs;
  const timers: (() => void)[] = [];
  const ticker = new Ticker({
    nowMs: () => nowMs,
    setInterval: (tick) => timers.push(tick),
    clearInterval: () => timers.pop(),
  });
  return { ticker, timers, setNow: (ms: number) => (nowMs = ms) };
}

test('listeners hear each second once, however often it is nudged', () => {
  const { ticker, setNow } = tickerAt(1000);
  let heard = 0;
  ticker.subscribe(() => (heard += 1));
  setNow(1999);
  ticker.nudge();
  setNow(2000);
  ticker.nudge();
  ticker.nudge();
  expect(heard).toBe(1);
  expect(ticker.shownMs()).toBe(2000);
});

test('the time shown is that of the gateway', () => {
  const { ticker } = tickerAt(10_000);
  ticker.setOffset(60_000);
  expect(ticker.shownMs()).toBe(70_000);
  expect(ticker.nowMs()).toBe(70_000);
});

test('starting and stopping twice does nothing more', () => {
  const { ticker, timers } = tickerAt(0);
  ticker.start();
  ticker.start();
  expect(timers).toHaveLength(1);
  ticker.stop();
  ticker.stop();
  expect(timers).toHaveLength(0);
});
