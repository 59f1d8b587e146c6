/**
 * What PostgreSQL refused, without the values it quotes (they may be somebody's name).
 * - `unavailable`: it cannot be reached or is starting or stopping; try again later
 * - `timeout`: a statement ran past its bound; try again later
 * - `conflict`: a unique rule; the caller picks another value
 * - `reference`: a row that is pointed to is not there
 * - `failed`: our own mistake in a statement or a rule of the tables
 */
export type StoreCode = 'unavailable' | 'timeout' | 'conflict' | 'reference' | 'failed';

export class StoreError extends Error {
  readonly code: StoreCode;
  /** The rule that was broken, where PostgreSQL names one. */
  readonly constraint: string | undefined;
  /** PostgreSQL's SQLSTATE or the system's code. */
  readonly reason: string | undefined;

  constructor(action: string, code: StoreCode, reason?: string, constraint?: string) {
    super(`${action}: ${code}${reason === undefined ? '' : ` (${reason})`}`);
    this.name = 'StoreError';
    this.code = code;
    this.reason = reason;
    this.constraint = constraint;
  }
}

/** SQLSTATE classes (PostgreSQL manual, appendix A): 08 connection, 53 resources, 57P operator intervention, 58 system. */
const AWAY = /^(08|53|57P|58)/;

export function asStoreError(action: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const code = readText(error, 'code');
  const constraint = readText(error, 'constraint');
  if (code === '57014') return new StoreError(action, 'timeout', code);
  if (code === '23505') return new StoreError(action, 'conflict', code, constraint);
  if (code === '23503') return new StoreError(action, 'reference', code, constraint);
  // Without a SQLSTATE it is the connection: a system code (ECONNREFUSED), or pg's own "Connection terminated".
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code) || AWAY.test(code)) {
    return new StoreError(action, 'unavailable', code);
  }
  return new StoreError(action, 'failed', code, constraint);
}

function readText(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = (value as Record<string, unknown>)[key];
  return typeof found === 'string' ? found : undefined;
}
