import { expect, test } from 'vitest';
import { Passwords } from '../../../../gateway/api/auth/passwords.ts';

test('a right password is right, everything else is wrong', async () => {
  const passwords = new Passwords();
  const hash = await passwords.hash('correct horse battery');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await passwords.verify(hash, 'correct horse battery')).toBe(true);
  expect(await passwords.verify(hash, 'correct horse batterz')).toBe(false);
  expect(await passwords.verify(undefined, 'correct horse battery')).toBe(false);
  // The decoy is the hash of an empty password; it opens nothing.
  expect(await passwords.verify(undefined, '')).toBe(false);
});

test('passwords are checked one at a time, and beyond the bound refused', async () => {
  const passwords = new Passwords(2);
  const order: string[] = [];
  const first = passwords.hash('first').then(() => order.push('first'));
  const second = passwords.hash('second').then(() => order.push('second'));
  await expect(passwords.hash('third')).rejects.toMatchObject({ code: 'passwords-busy', retryAfterS: 5 });
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
  await expect(passwords.hash('fourth')).resolves.toContain('argon2id');
});
