import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createNewIds, createNewPassword, createNewSecret } from '../../../gateway/registry/new-ids.ts';

test('ids fit the contract and begin with the letter of what they name', () => {
  const ids = createNewIds(randomBytes);
  for (const [letter, make] of Object.entries({
    h: ids.home,
    r: ids.resident,
    c: ids.contact,
    d: ids.device,
    u: ids.user,
  })) {
    expect(make()).toMatch(new RegExp(`^${letter}-[0-9a-hjkmnp-tv-z]{10}$`));
  }
});

test('secrets carry 160 bits and passwords 80, none of them twice', () => {
  const [secret, password] = [createNewSecret(randomBytes), createNewPassword(randomBytes)];
  expect(secret()).toMatch(/^[0-9a-f]{40}$/);
  expect(password()).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$/);
  expect(new Set(Array.from({ length: 1000 }, secret)).size).toBe(1000);
});
