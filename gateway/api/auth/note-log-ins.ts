import type { RegisterRows } from '../../registry/rows.ts';
import { ProblemError } from '../problems.ts';
import type { LogIn } from './log-in.ts';

/** Writes into the audit trail: ids and codes alone. */
export type NoteAudit = (type: string, actor: string, data: Readonly<Record<string, unknown>>) => void;

/** Log-ins and refused ones leave a trace. A name that nobody has may be a password in the wrong field: it is not noted. */
export function noteLogIns(logIn: LogIn, rows: () => Pick<RegisterRows, 'users'>, note: NoteAudit): LogIn {
  return async (username, password, peer) => {
    try {
      const made = await logIn(username, password, peer);
      note('log-in', `user:${made.user.id}`, {});
      return made;
    } catch (error) {
      if (error instanceof ProblemError) {
        const account = username.toLowerCase();
        const known = rows().users.find((user) => user.username.toLowerCase() === account);
        note('log-in-refused', known === undefined ? 'unknown' : `user:${known.id}`, { code: error.code });
      }
      throw error;
    }
  };
}
