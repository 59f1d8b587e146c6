import { ROLE_NAMES } from './roles.ts';
import type { Session } from '../../gateway/api/contract/session.ts';

/** Who is logged in, as kept over a reload. The cookie is the proof; this holds nothing that opens a door without it. */
export type StoredSession = Pick<Session, 'user' | 'expiresAt' | 'csrf'>;

/** Null for anything that is not a session or has ended. */
export function readStoredSession(text: string | null, nowMs: number): StoredSession | null {
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Cut or foreign: log in again.
    return null;
  }
  if (!isStoredSession(value)) return null;
  return Date.parse(value.expiresAt) > nowMs ? value : null;
}

export function formatStoredSession({ user, expiresAt, csrf }: StoredSession): string {
  return JSON.stringify({ user, expiresAt, csrf });
}

function isStoredSession(value: unknown): value is StoredSession {
  if (!isRecord(value) || !isRecord(value['user'])) return false;
  const { id, name, username, roles, regions } = value['user'];
  return (
    typeof value['csrf'] === 'string' &&
    typeof value['expiresAt'] === 'string' &&
    typeof id === 'string' &&
    typeof name === 'string' &&
    typeof username === 'string' &&
    Array.isArray(regions) &&
    Array.isArray(roles) &&
    roles.every((role) => (ROLE_NAMES as readonly unknown[]).includes(role))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
