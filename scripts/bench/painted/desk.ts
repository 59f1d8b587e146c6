import type { Client } from '../../zhuji/client.ts';
import { createClient } from '../../zhuji/client.ts';
import type { Session, UserCreated } from '../../../gateway/api/contract/session.ts';
import { ADMIN_PASSWORD } from '../site.ts';

/** A program with the rights of an admin. */
export async function logInAsAdmin(httpUrl: string): Promise<Client> {
  const body = { username: 'admin', password: ADMIN_PASSWORD, token: true };
  const session = await createClient({ kind: 'url', url: httpUrl, token: null }).request<Session>(
    'POST',
    '/session',
    body,
  );
  return createClient({ kind: 'url', url: httpUrl, token: session.token ?? null });
}

export async function hireOperator(admin: Client): Promise<{ readonly username: string; readonly password: string }> {
  const body = { username: 'operator-of-the-bench', roles: ['operator'], regions: ['*'] };
  const { username, password } = await admin.request<UserCreated>('POST', '/users', body);
  return { username, password: password ?? '' };
}

/** The next press finds the queue as the one before found it. */
export async function closeCase(admin: Client, incidentId: string): Promise<void> {
  await admin.request('POST', `/incidents/${incidentId}/resolve`, { outcome: 'helped', contact: 'spoke-with-person' });
}
