import type { SessionUser } from '../../../gateway/api/contract/session.ts';
import { listAll } from '../client.ts';
import { defineCommand } from '../command.ts';
import { formatTable } from '../table.ts';

export const userList = defineCommand({
  name: 'user list',
  summary: 'List the people who log in.',
  options: {},
  run: async ({ json, print, client }) => {
    const users = await listAll<SessionUser>(await client(), '/users');
    if (json) print(JSON.stringify(users));
    else {
      print(
        formatTable(
          ['USER', 'USER NAME', 'NAME', 'ROLES', 'REGIONS'],
          users.map(({ id, username, name, roles, regions }) => [
            id,
            username,
            name,
            roles.join(','),
            regions.join(','),
          ]),
        ),
      );
    }
    return 0;
  },
});
