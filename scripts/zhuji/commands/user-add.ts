import type { UserCreated } from '../../../gateway/api/contract/session.ts';
import { defineCommand } from '../command.ts';

export const userAdd = defineCommand({
  name: 'user add',
  summary: 'Add a person who logs in. A password is made and shown once.',
  options: {
    username: { type: 'string', value: 'NAME', description: 'What they log in with', required: true },
    role: {
      type: 'string',
      value: 'ROLE',
      description: 'operator, supervisor or admin',
      required: true,
      multiple: true,
    },
    region: {
      type: 'string',
      value: 'REGION',
      description: 'Scope: city/street/community and all below it; * is everything',
      required: true,
      multiple: true,
    },
    name: { type: 'string', value: 'TEXT', description: 'Name on the screens; else the user name' },
  },
  run: async ({ json, print, client }, { username, role, region, name }) => {
    const body = { username, name, roles: role, regions: region };
    const added = await (await client()).request<UserCreated>('POST', '/users', body);
    if (json) print(JSON.stringify({ userId: added.id, username: added.username, password: added.password }));
    else {
      print(
        `User ${added.username} added (${added.id}).\n  password  ${added.password ?? '(as given)'}   (shown once)`,
      );
    }
    return 0;
  },
});
