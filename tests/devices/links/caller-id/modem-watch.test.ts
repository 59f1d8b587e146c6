import { describe, expect, test } from 'vitest';
import {
  ANSWER_MS,
  ASK_EVERY_MS,
  modemDueAt,
  type ModemEvent,
  type ModemState,
  type SetUp,
  setUpFor,
  TRY_AGAIN_MS,
  watchModem,
} from '../../../../devices/links/caller-id/modem-watch.ts';

/** Plays events and answers what was sent at each, with the state after the last. */
function play(from: ModemState, ...events: readonly Happening[]) {
  return playWith(setUpFor(null), from, ...events);
}

type Happening = readonly [atMs: number, event: ModemEvent, isBusy?: boolean];

function playWith(setUp: SetUp, from: ModemState, ...events: readonly Happening[]) {
  let state = from;
  const sent = events.map(([atMs, event, isBusy = false]) => {
    const step = watchModem(setUp, state, event, atMs, isBusy);
    state = step.state;
    return step.send;
  });
  return { sent, state };
}

const CLOSED: ModemState = { phase: 'closed' };
const READY: ModemState = { phase: 'ready', heardAt: 0, askedAt: null, unanswered: 0 };

describe('A modem', () => {
  test('is brought to tell numbers when its port opens, a command at a time', () => {
    const { sent, state } = play(CLOSED, [0, 'opened'], [10, 'ok'], [20, 'ok'], [30, 'ok']);
    expect(sent).toEqual(['ATZ', 'ATE0', 'AT+VCID=1', null]);
    expect(state).toEqual({ phase: 'ready', heardAt: 30, askedAt: null, unanswered: 0 });
  });

  test('is told where it is, where somebody has said so, and may refuse to hear it', () => {
    const events = [
      [0, 'opened'],
      [1, 'ok'],
      [2, 'ok'],
      [3, 'error'],
      [4, 'ok'],
    ] as const;
    const { sent, state } = playWith(setUpFor('b5'), CLOSED, ...events);
    expect(sent).toEqual(['ATZ', 'ATE0', 'AT+GCI=B5', 'AT+VCID=1', null]);
    expect(state.phase).toBe('ready');
  });

  test('is brought to it again after each unplug', () => {
    expect(play(READY, [5, 'closed'], [6, 'opened']).sent).toEqual([null, 'ATZ']);
    expect(play(READY, [5, 'closed'], [6, 'ok'], [7, 'tick']).sent).toEqual([null, null, null]);
  });

  test('that knows an older command is asked with it; that knows neither is at fault', () => {
    const { sent, state } = play(CLOSED, [0, 'opened'], [1, 'error'], [2, 'error'], [3, 'error'], [4, 'ok']);
    expect(sent).toEqual(['ATZ', 'ATE0', 'AT+VCID=1', 'AT#CID=1', null]);
    expect(state.phase).toBe('ready');
    const neither = play(CLOSED, [0, 'opened'], [1, 'ok'], [2, 'ok'], [3, 'error'], [4, 'error']);
    expect(neither.state).toMatchObject({ phase: 'failed', why: 'tells-no-numbers' });
  });

  test('that answers nothing is at fault after 3 s, and tried again after 10', () => {
    const silent = play(CLOSED, [0, 'opened'], [ANSWER_MS - 1, 'tick'], [ANSWER_MS, 'tick']);
    expect(silent.sent).toEqual(['ATZ', null, null]);
    expect(silent.state).toMatchObject({ phase: 'failed', why: 'no-answer' });
    expect(modemDueAt(silent.state)).toBe(ANSWER_MS + TRY_AGAIN_MS);
    expect(play(silent.state, [ANSWER_MS + TRY_AGAIN_MS, 'tick']).sent).toEqual(['ATZ']);
  });

  test('is asked every 30 s whether it is there', () => {
    expect(modemDueAt(READY)).toBe(ASK_EVERY_MS);
    const asked = play(READY, [ASK_EVERY_MS, 'tick'], [ASK_EVERY_MS + 5, 'ok']);
    expect(asked.sent).toEqual(['AT', null]);
    expect(modemDueAt(asked.state)).toBe(2 * ASK_EVERY_MS + 5);
  });

  test('that lost one answer is asked again, that lost two is at fault', () => {
    const asked = [ASK_EVERY_MS, 'tick'] as const;
    const once = [ASK_EVERY_MS + ANSWER_MS, 'tick'] as const;
    const twice = [ASK_EVERY_MS + 2 * ANSWER_MS, 'tick'] as const;
    expect(play(READY, asked, once).sent).toEqual(['AT', 'AT']);
    expect(play(READY, asked, once, [twice[0] - 1, 'ok']).state.phase).toBe('ready');
    expect(play(READY, asked, once, twice).state).toMatchObject({ phase: 'failed', why: 'no-answer' });
  });

  test('is not spoken to while somebody calls: it may be reading the number', () => {
    expect(play(READY, [ASK_EVERY_MS, 'tick', true]).sent).toEqual([null]);
    const failed: ModemState = { phase: 'failed', why: 'no-answer', at: 0 };
    expect(play(failed, [TRY_AGAIN_MS, 'tick', true]).sent).toEqual([null]);
    const asked: ModemState = { ...READY, askedAt: 10 };
    const { sent, state } = play(asked, [10 + ANSWER_MS, 'tick', true]);
    expect([sent, state]).toEqual([[null], { ...READY, heardAt: 10 + ANSWER_MS, unanswered: 1 }]);
  });
});
