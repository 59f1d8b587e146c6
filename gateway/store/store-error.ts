import { ZhujiError } from '../errors.ts';

/**
 * What PostgreSQL refused, without the values it quotes (they may be somebody's name).
 * - `unavailable`: it cannot be reached or is starting or stopping; try again later
 * - `timeout`: a statement ran past its bound; try again later
 * - `conflict`: a unique rule; the caller picks another value
 * - `reference`: a row that is pointed to is not there
 * - `bad-value`: a value that it cannot hold, such as text with a NUL; the caller mends it
 * - `failed`: our own mistake in a statement or a rule of the tables
 */
export type StoreCode = 'unavailable' | 'timeout' | 'conflict' | 'reference' | 'bad-value' | 'failed';

export class StoreError extends ZhujiError {
  declare readonly code: StoreCode;
  /** The rule that was broken, where PostgreSQL names one. */
  readonly constraint: string | undefined;
  /** PostgreSQL's SQLSTATE or the system's code. */
  readonly reason: string | undefined;

  constructor(action: string, code: StoreCode, reason?: string, constraint?: string) {
    super(code, `${action}: ${code}${reason === undefined ? '' : ` (${reason})`}`);
    this.reason = reason;
    this.constraint = constraint;
  }
}

/** SQLSTATE classes (PostgreSQL manual, appendix A): 08 connection, 53 resources, 57P operator intervention, 58 system. */
const BAD_VALUE = new Set(['22021', '22P05', '22001', '22003', '22008']);
const AWAY = /^(08|53|57P|58)/;

export function asStoreError(action: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const code = readText(error, 'code');
  const constraint = readText(error, 'constraint');
  if (code === '57014') return new StoreError(action, 'timeout', code);
  if (code === '23505') return new StoreError(action, 'conflict', code, constraint);
  if (code === '23503') return new StoreError(action, 'reference', code, constraint);
  if (code !== undefined && BAD_VALUE.has(code)) return new StoreError(action, 'bad-value', code);
  // Without a SQLSTATE it is the connection: a code of the system, some of which look like one (EPIPE), or pg's own
  // "Connection terminated".
  const isOfSystem = readText(error, 'syscall') !== undefined;
  if (isOfSystem || code === undefined || !/^[0-9A-Z]{5}$/.test(code) || AWAY.test(code)) {
    return new StoreError(action, 'unavailable', code);
  }
  return new StoreError(action, 'failed', code, constraint);
}

function readText(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = (value as Record<string, unknown>)[key];
  return typeof found === 'string' ? found : undefined;
}
