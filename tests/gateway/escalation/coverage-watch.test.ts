import { expect, test } from 'vitest';
import { createCoverageWatch } from '../../../gateway/escalation/coverage-watch.ts';
import type { PersonNow } from '../../../gateway/escalation/people.ts';

/** A watch on people and a clock that the test has; `standing` is what is raised and not restored. */
function openWatch() {
  const standing = new Set<string>();
  const world = { people: [] as PersonNow[], promised: [] as string[], now: 0, standing };
  const watch = createCoverageWatch({
    people: { list: () => world.people },
    promised: () => world.promised,
    raise: (code) => standing.add(code),
    restore: (code) => standing.delete(code),
    clock: { monoMs: () => world.now },
  });
  const pass = (ms: number) => {
    for (const end = world.now + ms; world.now < end;) {
      world.now += 1000;
      watch.look();
    }
    return [...standing];
  };
  return { world, pass };
}

const person = (regions: string[], changes: Partial<PersonNow> = {}): PersonNow => ({
  ...{ userId: 'u', roles: ['operator'], regions, isPresent: true, isOnDuty: true },
  ...changes,
});

test('the last one on duty leaves: it is told after ten seconds, and over when somebody comes', () => {
  const { world, pass } = openWatch();
  world.promised = ['*'];
  world.people = [person(['*'])];
  expect(pass(60_000)).toEqual([]);
  world.people = [];
  expect(pass(10_000)).toEqual([]);
  expect(pass(1000)).toEqual(['nobody-on-duty']);
  world.people = [person(['*'])];
  expect(pass(1000)).toEqual([]);
});

test('a page that is loaded anew is not missed', () => {
  const { world, pass } = openWatch();
  world.promised = ['*'];
  for (let n = 0; n < 5; n += 1) {
    world.people = [person(['*'], { isOnDuty: false })];
    expect(pass(9000)).toEqual([]);
    world.people = [person(['*'])];
    expect(pass(2000)).toEqual([]);
  }
});

test('a street of which nobody is left is told by name; helpers do not count', () => {
  const { world, pass } = openWatch();
  world.promised = ['city/east', 'city/west'];
  world.people = [person(['city/west']), person(['city/east'], { roles: ['helper'], isPresent: false })];
  expect(pass(12_000)).toEqual(['nobody-on-duty:city/east']);
  world.people = [];
  expect(pass(12_000)).toContain('nobody-on-duty');
  world.people = [person(['city'])];
  expect(pass(1000)).toEqual([]);
});

test('where nobody ever said that they are on duty nobody is missed', () => {
  const { world, pass } = openWatch();
  expect(pass(60_000)).toEqual([]);
  // After a restart: they had said so before.
  world.promised = ['*'];
  expect(pass(11_000)).toEqual(['nobody-on-duty']);
});
