import { createHmac, timingSafeEqual } from 'node:crypto';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * What a session carries; nothing about it is kept on the server. It ends by its time, or at once when the user's epoch
 * is raised. `s` makes two sessions of one user differ.
 */
const Claims = Type.Object(
  {
    u: Type.String({ description: 'User id' }),
    e: Type.Integer({ description: 'Epoch of the user' }),
    x: Type.Integer({ description: 'Ends at, epoch milliseconds' }),
    s: Type.String({ description: 'Random' }),
  },
  { additionalProperties: false },
);
export type SessionClaims = Static<typeof Claims>;
const claimsCheck = Compile(Claims);

const VERSION = 'zj1';
/** Longer ones are not ours, and are not hashed. */
const MAX_LENGTH = 1024;

/** `zj1.<claims>.<HMAC-SHA-256>`, base64url. `key` has 32 bytes. */
export function signSession(claims: SessionClaims, key: Uint8Array): string {
  const body = `${VERSION}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${body}.${mac('session', body, key)}`;
}

/** The claims of a token that we signed and that has not ended; undefined for anything else. Never throws. */
export function readSession(token: string, key: Uint8Array, nowMs: number): SessionClaims | undefined {
  const cut = token.lastIndexOf('.');
  if (token.length > MAX_LENGTH || !token.startsWith(`${VERSION}.`) || cut <= VERSION.length) return undefined;
  const body = token.slice(0, cut);
  if (!isSame(token.slice(cut + 1), mac('session', body, key))) return undefined;
  const claims: unknown = JSON.parse(Buffer.from(body.slice(VERSION.length + 1), 'base64url').toString());
  return claimsCheck.Check(claims) && claims.x > nowMs ? claims : undefined;
}

/** What a page sends as `x-csrf`: bound to its session, and of no use without the cookie. */
export function csrfOf(token: string, key: Uint8Array): string {
  return mac('csrf', token, key);
}

/** Compares two short texts in a time that tells nothing about where they differ. */
export function isSame(presented: string, expected: string): boolean {
  const a = Buffer.from(presented);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

function mac(purpose: 'session' | 'csrf', text: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(`${purpose}:${text}`).digest('base64url');
}
