import type { DirectoryUser } from '../../registry/directory.ts';
import type { Role } from '../contract/session.ts';

/** Who asks: a person who logged in, or the `zhuji` command on the gateway's own machine (it has an admin's rights). */
export type Actor =
  | { readonly kind: 'user'; readonly user: DirectoryUser }
  | { readonly kind: 'local'; readonly uid: number };

/** The actor as the log names it: `user:<id>` or `local:<uid>`. */
export function formatActor(actor: Actor): string {
  return actor.kind === 'user' ? `user:${actor.user.id}` : `local:${actor.uid}`;
}

export function isAdmin(actor: Actor): boolean {
  return actor.kind === 'local' || actor.user.roles.includes('admin');
}

export function isSupervisor(actor: Actor): boolean {
  return actor.kind === 'local' || supervises(actor.user.roles);
}

export function supervises(roles: readonly Role[]): boolean {
  return roles.includes('supervisor') || roles.includes('admin');
}

/** Whether these roles take alarms and cases; whoever is only a helper sees what they were called to. */
export function worksOnCases(roles: readonly Role[]): boolean {
  return roles.some((role) => role !== 'helper');
}
