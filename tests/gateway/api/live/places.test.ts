import { expect, test } from 'vitest';
import { Places } from '../../../../gateway/api/live/places.ts';

/** A stream that notes when it is ended. */
function stream(places: Places, person: string) {
  const state = { isEnded: false, leave: (): void => undefined };
  state.leave = places.take(person, () => {
    state.isEnded = true;
  });
  return state;
}

test('one person has ten streams; with one more the oldest ends, and nobody else loses theirs', () => {
  const places = new Places();
  const other = stream(places, 'user:li');
  const mine = Array.from({ length: 13 }, () => stream(places, 'user:wang'));
  expect(mine.map(({ isEnded }) => isEnded)).toEqual([true, true, true, ...Array.from({ length: 10 }, () => false)]);
  expect(other.isEnded).toBe(false);
});

test('a stream that was left makes room, once, however often it is left', () => {
  const places = new Places();
  const mine = Array.from({ length: 10 }, () => stream(places, 'user:wang'));
  mine[4]?.leave();
  mine[4]?.leave();
  stream(places, 'user:wang');
  expect(mine.some(({ isEnded }) => isEnded)).toBe(false);
  stream(places, 'user:wang');
  expect(mine.map(({ isEnded }) => isEnded).indexOf(true)).toBe(0);
});

test('when all places are taken a newcomer finds none, but one who has ten may change one', () => {
  const places = new Places();
  const all = Array.from({ length: 50 }, (_, n) =>
    Array.from({ length: 10 }, () => stream(places, `user:${n}`)),
  ).flat();
  expect(places.hasRoom('user:late')).toBe(false);
  expect(places.hasRoom('user:7')).toBe(true);
  all[0]?.leave();
  expect(places.hasRoom('user:late')).toBe(true);
});
