import { expect, test } from 'vitest';
import { listRevoked } from '../../../gateway/registry/list-revoked.ts';

const device = (id: string, secret: string, retiredAt: number | null = null) => ({
  ...{ id, model: 'm', homeId: null, place: null, retiredAt },
  secretSha256: secret.repeat(64),
});

test('a device is revoked when it retires, gets another secret or goes, and only then', () => {
  const before = { devices: [device('same', 'a'), device('ends', 'a'), device('changes', 'a'), device('goes', 'a')] };
  const after = { devices: [device('same', 'a'), device('ends', 'a', 5), device('changes', 'b'), device('new', 'a')] };
  expect(listRevoked(before, after)).toEqual(['ends', 'changes', 'goes']);
});

test('one that had ended before is not revoked again', () => {
  expect(listRevoked({ devices: [device('d', 'a', 1)] }, { devices: [device('d', 'a', 1)] })).toEqual([]);
});
