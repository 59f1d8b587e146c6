import { expect, test } from 'vitest';
import { SessionStore } from '../../../dashboard/session/session-store.ts';
import { formatStoredSession, readStoredSession, type StoredSession } from '../../../dashboard/session/stored.ts';
import { iso, T0 } from '../build-incident.ts';

const session: StoredSession = {
  user: { id: 'u1', username: 'wang', name: 'Wang', roles: ['operator'], regions: ['*'] },
  expiresAt: iso(T0 + 3_600_000),
  csrf: 'token',
};

test('a session survives a reload until it ends', () => {
  const text = formatStoredSession(session);
  expect(readStoredSession(text, T0)).toEqual(session);
  expect(readStoredSession(text, T0 + 3_600_000)).toBeNull();
});

test('a bearer token is never stored', () => {
  expect(formatStoredSession({ ...session, token: 'secret' } as StoredSession)).not.toContain('secret');
});

test.each([
  null,
  '',
  '{',
  '[]',
  '"x"',
  '{"user":{}}',
  JSON.stringify({ ...session, user: { ...session.user, roles: ['root'] } }),
])('%s is no session', (text) => {
  expect(readStoredSession(text, T0)).toBeNull();
});

function createStorage() {
  const held = new Map<string, string>();
  return {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
  };
}

test('a session that the gateway refuses keeps the screen; log-out does not', () => {
  const store = new SessionStore(createStorage(), () => T0);
  store.lose();
  expect(store.state()).toEqual({ session: null, isEnded: false });
  store.begin(session);
  store.lose();
  expect(store.state()).toEqual({ session, isEnded: true });
  store.begin({ ...session, csrf: 'token-2' });
  expect(store.state().isEnded).toBe(false);
  store.end();
  expect(store.state().session).toBeNull();
});

test('log-out in one window is log-out in the others', () => {
  const storage = createStorage();
  const [one, other] = [new SessionStore(storage, () => T0), new SessionStore(storage, () => T0)];
  one.begin(session);
  other.reread();
  expect(other.state().session?.user.id).toBe('u1');
  one.end();
  other.reread();
  expect(other.state().session).toBeNull();
});
