import type { Resident } from '../../../gateway/api/contract/registry.ts';
import { listAll } from '../client.ts';
import { defineCommand } from '../command.ts';
import { formatTable } from '../table.ts';

export const residentList = defineCommand({
  name: 'resident list',
  summary: 'List the people we protect.',
  options: {},
  run: async ({ json, print, client }) => {
    const residents = await listAll<Resident>(await client(), '/residents');
    if (json) print(JSON.stringify(residents));
    else {
      print(
        formatTable(
          ['RESIDENT', 'HOME', 'NAME', 'CONTACTS'],
          residents.map(({ id, homeId, name, contacts }) => [id, homeId, name, String(contacts.length)]),
        ),
      );
    }
    return 0;
  },
});
