import { ZhujiError } from '../errors.ts';

/**
 * - `damaged`: the file is cut, changed or no backup; take another
 * - `newer`: it was made by a version with other tables; restore it with that version
 * - `not-empty`: there is something in the database already; restore into an empty one
 * - `in-use`: a gateway works on the database; stop it first
 * - `no-server`: PostgreSQL does not answer; start it, or the gateway whose own it is
 * - `timescale`: the server has TimescaleDB, whose own tools know its tables: pg_dump and pg_restore
 */
export class BackupError extends ZhujiError {
  declare readonly code: 'damaged' | 'newer' | 'not-empty' | 'in-use' | 'no-server' | 'timescale';

  constructor(code: BackupError['code'], message: string, options?: { readonly cause: unknown }) {
    super(code, message, options);
  }
}
