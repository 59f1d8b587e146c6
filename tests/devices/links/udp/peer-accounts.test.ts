import { expect, test } from 'vitest';
import { PeerAccounts } from '../../../../devices/links/udp/peer-accounts.ts';

test('a peer has one account as long as it has something at the door, however many come and go', () => {
  const accounts = new PeerAccounts(3);
  const waits = accounts.of('a');
  waits.bytes = 100;
  for (let n = 0; n < 100; n += 1) accounts.of(`other ${n}`);
  expect(accounts.of('a')).toBe(waits);
  expect(accounts.size).toBeLessThanOrEqual(3);
  // Whoever came last has a place: those with nothing at the door were swept out for it.
  expect(accounts.of('other 99')).toBe(accounts.of('other 99'));
});

test('where all that are remembered have something at the door one more is heard all the same', () => {
  const accounts = new PeerAccounts(2);
  for (const peer of ['a', 'b']) accounts.of(peer).bytes = 1;
  expect(accounts.of('c')).toEqual({ bytes: 0 });
  expect(accounts.size).toBe(2);
});
