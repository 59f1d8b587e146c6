import { expect, test } from 'vitest';
import { matchesResident } from '../../../gateway/registry/match-resident.ts';

const resident = {
  id: 'r-1',
  homeId: 'h-1',
  name: '王秀英 Wang',
  number: '+8613900000101',
  birthYear: 1940,
  categories: [],
  speech: null,
  health: null,
  contacts: [
    {
      id: 'c-1',
      order: 1,
      name: '张美娟',
      relation: null,
      number: '+8613900000777',
      hasKey: true,
      minutesAway: null,
      language: null,
      note: null,
      notice: false,
      mustNotBeTold: false,
    },
  ],
};
const home = { id: 'h-1', address: '新村路 12 弄 3 号', region: null, entrance: null, accessPlan: null };

test.each(['王秀英', 'wang', 'ＷＡＮＧ', '新村路', '王 新村路', 'r-1', '139000001', '+86-139', '777'])(
  '"%s" finds her',
  (wanted) => expect(matchesResident(resident, home, wanted)).toBe(true),
);

test.each(['李', '王 南京路', '99999', '张美娟'])('"%s" does not', (wanted) =>
  expect(matchesResident(resident, home, wanted)).toBe(false),
);

test('two digits find nobody by telephone', () => {
  expect(matchesResident(resident, { ...home, address: '' }, '39')).toBe(false);
});
