import { expect, test } from 'vitest';
import { listNoticeContacts } from '../../../gateway/notify/notice-contacts.ts';
import { buildDirectory } from '../../../gateway/registry/build-directory.ts';
import { EMPTY_ROWS, type RegisterRows } from '../../../gateway/registry/rows.ts';

const contact = { relation: null, number: '+8613900000000', hasKey: false, minutesAway: null } as const;
const rows: RegisterRows = {
  ...EMPTY_ROWS,
  residents: [
    { id: 'r1', homeId: 'h1', name: 'Wang', number: null, birthYear: null, categories: [], speech: null, health: null },
  ],
  contacts: [
    { ...contact, id: 'c3', residentId: 'r1', order: 3, name: 'c', language: null, note: null, notice: true },
    { ...contact, id: 'c1', residentId: 'r1', order: 1, name: 'a', language: null, note: null, notice: true },
    { ...contact, id: 'c2', residentId: 'r1', order: 2, name: 'b', language: null, note: null },
    {
      ...{ ...contact, id: 'c4', residentId: 'r1', order: 4, name: 'd', language: null, note: null },
      ...{ notice: true, mustNotBeTold: true },
    },
    { ...contact, id: 'c5', residentId: 'r2', order: 1, name: 'e', language: null, note: null, notice: true },
  ],
};

test('who chose it is told, in the order of calling; who must not be told never is, nor anybody of somebody else', () => {
  expect(listNoticeContacts(buildDirectory(rows), 'r1')).toEqual(['c1', 'c3']);
  expect(listNoticeContacts(buildDirectory(rows), 'nobody')).toEqual([]);
});
