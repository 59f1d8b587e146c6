import type { UserCreated } from '../../../gateway/api/contract/session.ts';
import { startGateway, type GatewayOptions, type TestGateway } from '../../harness/gateway.ts';
import { logIn, logInAsAdmin, type Operator } from '../../smoke/world/operator.ts';
import type { Credentials } from './console.ts';

export type Site = {
  readonly gateway: TestGateway;
  readonly admin: Operator;
  /** Adds a person who may work everywhere. */
  readonly addPerson: (username: string) => Promise<Credentials & { readonly api: Operator }>;
};

export async function openSite(options: GatewayOptions = {}): Promise<Site> {
  const gateway = await startGateway(options);
  const admin = await logInAsAdmin(gateway);
  return {
    gateway,
    admin,
    async addPerson(username) {
      const body = { username, roles: ['operator'], regions: ['*'] };
      const password = (await admin.post<UserCreated>('/users', body)).password ?? '';
      return { username, password, api: await logIn(gateway, { username, password, by: 'token' }) };
    },
  };
}
