import type { Role } from '../../gateway/api/contract/session.ts';

export const ROLE_NAMES = ['operator', 'supervisor', 'admin', 'helper'] as const satisfies readonly Role[];

/** Who may close a case without established contact; the gateway decides, the screen only does not offer it to others. */
export function isSupervisor(user: { readonly roles: readonly Role[] }): boolean {
  return user.roles.includes('supervisor') || user.roles.includes('admin');
}
