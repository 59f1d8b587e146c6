import { expect, test } from 'vitest';
import { EVERYWHERE, listUncovered } from '../../../gateway/escalation/coverage.ts';

const on = (...regions: string[]) => ({ regions });

test.each([
  ['nobody was ever on duty', [], [], []],
  ['the last one left', ['city/east'], [], [EVERYWHERE]],
  ['a colleague of the same scope stays', ['city/east'], [on('city/east')], []],
  ['somebody who covers more stays', ['city/east', '*'], [on('*')], []],
  ['only another street is looked after', ['city/east', 'city/west'], [on('city/west')], ['city/east']],
  ['a part does not cover the whole', ['*', 'city'], [on('city')], ['*']],
  ['two parts of one scope are one', ['city', 'city/east', 'town'], [on('town')], ['city']],
  ['scopes of several people count together', ['city/east', 'city/west'], [on('city/east'), on('city/west')], []],
])('%s', (_name, before, now, missed) => {
  expect(listUncovered(new Set(before), now)).toEqual(missed);
});
