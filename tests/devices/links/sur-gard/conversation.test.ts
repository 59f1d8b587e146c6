import { expect, test } from 'vitest';
import { Conversation } from '../../../../devices/links/sur-gard/conversation.ts';
import { SUR_GARD_LIMITS } from '../../../../devices/links/sur-gard/limits.ts';

const ALARM = '5011 181234E10101001';
const OTHER = '5011 185678E10101001';

test('the answer to a line is given once, and only while it is waited for', () => {
  const talk = new Conversation(SUR_GARD_LIMITS);
  const { exchange, isResent } = talk.hear(ALARM, 1000, 0);
  expect(isResent).toBe(false);
  expect(talk.mayAnswer(exchange, 3500)).toBe(true);
  expect(talk.mayAnswer(exchange, 3500)).toBe(false);
});

test('an answer that comes later than the receiver waits is not given: it would be that of the next frame', () => {
  const talk = new Conversation(SUR_GARD_LIMITS);
  const { exchange } = talk.hear(ALARM, 1000, 0);
  expect(talk.mayAnswer(exchange, 3501)).toBe(false);
});

test('a line that was sent again is the same one, and its last copy is answered', () => {
  const talk = new Conversation(SUR_GARD_LIMITS);
  const first = talk.hear(ALARM, 1000, 0);
  const again = talk.hear(ALARM, 5000, 4000);
  expect(again).toEqual({ exchange: first.exchange, isResent: true });
  expect(talk.mayAnswer(first.exchange, 7000)).toBe(true);
});

test('after an answer the same line within 5 s is one whose answer was not heard; later it is a new press', () => {
  const talk = new Conversation(SUR_GARD_LIMITS);
  const first = talk.hear(ALARM, 0, 0);
  expect(talk.mayAnswer(first.exchange, 10)).toBe(true);
  const unheard = talk.hear(ALARM, 4000, 4000);
  expect(unheard.isResent).toBe(true);
  expect(talk.mayAnswer(unheard.exchange, 4010)).toBe(true);
  expect(talk.hear(ALARM, 9001, 9001).isResent).toBe(false);
});

test('a line that nobody answered is the same for 30 s, also behind heartbeats; then it is a new press', () => {
  const talk = new Conversation(SUR_GARD_LIMITS);
  talk.hear(ALARM, 0, 0);
  talk.turnAway();
  expect(talk.hear(ALARM, 30_000, 30_000).isResent).toBe(true);
  expect(talk.hear(ALARM, 60_001, 60_001).isResent).toBe(false);
});

test('an answer to an older line is not given when another came, a heartbeat did, or the line was unplugged', () => {
  const talk = new Conversation(SUR_GARD_LIMITS);
  const first = talk.hear(ALARM, 0, 0);
  const second = talk.hear(OTHER, 10, 10);
  expect(talk.mayAnswer(first.exchange, 20)).toBe(false);
  expect(talk.mayAnswer(second.exchange, 20)).toBe(true);
  const third = talk.hear(ALARM, 30, 30);
  talk.turnAway();
  expect(talk.mayAnswer(third.exchange, 40)).toBe(false);
});

test('a copy that crossed the answer on the line is not answered again: that would be for the next frame', () => {
  const talk = new Conversation(SUR_GARD_LIMITS);
  const first = talk.hear(ALARM, 0, 0);
  expect(talk.mayAnswer(first.exchange, 100)).toBe(true);
  const crossed = talk.hear(ALARM, 200, 200);
  expect(crossed.isResent).toBe(true);
  expect(talk.mayAnswer(crossed.exchange, 210)).toBe(false);
  const unheard = talk.hear(ALARM, 4200, 4200);
  expect(talk.mayAnswer(unheard.exchange, 4210)).toBe(true);
});
