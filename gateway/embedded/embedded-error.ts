import { ZhujiError } from '../errors.ts';

/**
 * The gateway's own PostgreSQL or Redis cannot run. The message says what the person at the machine should do.
 * - `data-in-use`: another gateway holds the data folder
 * - `data-not-ours`: the data folder belongs to another user
 * - `data-unusable`: there can be no folder at that path, or none that can be written to
 * - `redis-not-found`, `redis-too-old`: what to install is in the message
 * - `postgres-not-found`: no server binaries for this platform among the packages
 * - `postgres-as-root`: PostgreSQL refuses to run as root and no way around it is allowed here
 * - `postgres-version`: the data was written by another major version
 * - `postgres-init`: a new database cluster could not be made
 * - `server-failed`: it ended before it was ready; the end of its log is in the message
 * - `server-silent`: it runs but did not answer in time
 * - `stopped`: `stop()` was called before it was ready
 */
export class EmbeddedError extends ZhujiError {
  declare readonly code: EmbeddedErrorCode;

  constructor(code: EmbeddedErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(code, message, options);
  }
}

export type EmbeddedErrorCode =
  | 'data-in-use'
  | 'data-not-ours'
  | 'data-unusable'
  | 'redis-not-found'
  | 'redis-too-old'
  | 'postgres-not-found'
  | 'postgres-as-root'
  | 'postgres-version'
  | 'postgres-init'
  | 'server-failed'
  | 'server-silent'
  | 'stopped';

/** True when a file or process call failed for one of these reasons (`ENOENT`, `EACCES` …). */
export function failedWith(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
