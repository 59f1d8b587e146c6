import { expect, test } from 'vitest';
import { FeedHub } from '../../../dashboard/feed/hub.ts';
import type { FromWorker } from '../../../dashboard/feed/messages.ts';

function createHub() {
  const calls: string[] = [];
  const time = { nowMs: 0 };
  const hub = new FeedHub({
    feed: {
      start: () => calls.push('feed.start'),
      stop: () => calls.push('feed.stop'),
      catchUp: () => [{ kind: 'stream', isUp: true }],
    },
    presence: {
      start: () => calls.push('presence.start'),
      stop: () => calls.push('presence.stop'),
      want: (on, isSoundProven) => calls.push(`want ${String(on)} ${String(isSoundProven)}`),
      catchUp: () => [],
    },
    monoMs: () => time.nowMs,
    setCsrf: (csrf) => calls.push(`csrf ${csrf ?? '-'}`),
  });
  const window = () => {
    const got: FromWorker[] = [];
    return { got, post: (message: FromWorker) => got.push(message) };
  };
  return { hub, calls, window, time };
}

const JOIN = { kind: 'join', userId: 'u1', csrf: 'c1' } as const;

test('a second window is told where things stand and shares the stream', () => {
  const { hub, window } = createHub();
  const first = window();
  const second = window();
  hub.receive(first, JOIN);
  hub.receive(second, JOIN);
  expect(second.got).toEqual([{ kind: 'stream', isUp: true }]);
  hub.broadcast({ kind: 'tick' });
  expect([first.got.at(-1), second.got.at(-1)]).toEqual([{ kind: 'tick' }, { kind: 'tick' }]);
});

test('everything stops with the last window', () => {
  const { hub, calls, window } = createHub();
  const [first, second] = [window(), window()];
  hub.receive(first, JOIN);
  hub.receive(second, JOIN);
  hub.receive(first, { kind: 'leave' });
  expect(calls).not.toContain('feed.stop');
  hub.receive(second, { kind: 'leave' });
  expect(calls.slice(-3)).toEqual(['feed.stop', 'presence.stop', 'csrf -']);
  hub.broadcast({ kind: 'tick' });
  expect(second.got.at(-1)).not.toEqual({ kind: 'tick' });
});

test("the browser's sound is proven as long as one window's is", () => {
  const { hub, calls, window } = createHub();
  const [first, second] = [window(), window()];
  hub.receive(first, JOIN);
  hub.receive(second, JOIN);
  hub.receive(first, { kind: 'duty', on: true, isSoundProven: true });
  hub.receive(second, { kind: 'duty', on: null, isSoundProven: false });
  expect(calls.at(-1)).toBe('want null true');
  hub.receive(first, { kind: 'leave' });
  expect(calls.at(-1)).toBe('want null false');
});

test('another person starts anew; the same person with a new session goes on', () => {
  const { hub, calls, window } = createHub();
  const only = window();
  hub.receive(only, JOIN);
  hub.receive(only, { ...JOIN, csrf: 'c2' });
  expect(calls).not.toContain('feed.stop');
  hub.receive(only, { kind: 'join', userId: 'u2', csrf: 'c3' });
  expect(calls).toContain('feed.stop');
});

test('a window that crashed does not leave the sound proven; one that was only frozen comes back', () => {
  const { hub, calls, window, time } = createHub();
  const [crashed, other] = [window(), window()];
  hub.receive(crashed, JOIN);
  hub.receive(other, JOIN);
  hub.receive(crashed, { kind: 'duty', on: true, isSoundProven: true });
  const tick = (): void => {
    time.nowMs += 1000;
    hub.broadcast({ kind: 'tick' });
    hub.receive(other, { kind: 'here' });
  };
  for (let s = 0; s < 15; s += 1) tick();
  expect(calls.at(-1)).toBe('want true true');
  tick();
  expect(calls.at(-1)).toBe('want null false');
  expect(calls).not.toContain('feed.stop');

  hub.receive(crashed, { kind: 'here' });
  expect(crashed.got.at(-1)).toEqual({ kind: 'rejoin' });
  hub.receive(crashed, JOIN);
  hub.receive(crashed, { kind: 'duty', on: null, isSoundProven: true });
  expect(calls.at(-1)).toBe('want null true');
});

test('a computer that slept takes none of its windows for gone before they could answer', () => {
  const { hub, calls, window, time } = createHub();
  const only = window();
  hub.receive(only, JOIN);
  hub.receive(only, { kind: 'duty', on: true, isSoundProven: true });
  time.nowMs += 3_600_000;
  hub.broadcast({ kind: 'tick' });
  hub.receive(only, { kind: 'here' });
  time.nowMs += 1000;
  hub.broadcast({ kind: 'tick' });
  expect(calls).not.toContain('feed.stop');
});
