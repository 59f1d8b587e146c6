import { expect, test } from 'vitest';
import { listRevoked } from '../../../gateway/registry/list-revoked.ts';

const device = (id: string, secret: string, retiredAt: number | null = null) => ({
  ...{ id, model: 'm', retiredAt },
  secretSha256: secret.repeat(64),
});

const bound = (deviceId: string, number: number, homeId: string | null = null) => ({
  ...{ deviceId, number, homeId, place: null, residentIds: [], from: number, until: null },
});

test('a device connects anew when it retires, gets another secret, goes or is added, and only then', () => {
  const before = [device('same', 'a'), device('ends', 'a'), device('changes', 'a'), device('goes', 'a')];
  const after = [device('same', 'a'), device('ends', 'a', 5), device('changes', 'b'), device('new', 'a')];
  expect(listRevoked({ devices: before, bindings: [] }, { devices: after, bindings: [] })).toEqual([
    'ends',
    'changes',
    'goes',
    'new',
  ]);
});

test('one that had ended before is not revoked again', () => {
  const rows = { devices: [device('d', 'a', 1)], bindings: [] };
  expect(listRevoked(rows, rows)).toEqual([]);
});

test('one that is handed on must connect anew, one that is only placed elsewhere need not', () => {
  const devices = [device('handed-on', 'a'), device('placed', 'a')];
  const before = { devices, bindings: [bound('handed-on', 1), bound('placed', 1, 'h1')] };
  const after = { devices, bindings: [bound('handed-on', 1), bound('handed-on', 2), bound('placed', 1, 'h1')] };
  expect(listRevoked(before, after)).toEqual(['handed-on']);
});
