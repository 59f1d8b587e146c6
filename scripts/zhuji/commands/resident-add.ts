import type { Resident, ResidentNew } from '../../../gateway/api/contract/registry.ts';
import { defineCommand, UsageError } from '../command.ts';

export const residentAdd = defineCommand({
  name: 'resident add',
  summary: 'Add a person to protect; without --home a home of their own is made of --region and --address.',
  options: {
    name: { type: 'string', value: 'NAME', description: 'Name of the person', required: true },
    region: { type: 'string', value: 'CITY/STREET/COMMUNITY', description: 'Region of the new home, 1 to 3 parts' },
    address: { type: 'string', value: 'TEXT', description: 'Address of the new home' },
    home: { type: 'string', value: 'ID', description: 'A home that is there already' },
    id: { type: 'string', value: 'ID', description: 'Id of the person; made when absent' },
    number: { type: 'string', value: '+86…', description: 'Phone number of the person, E.164' },
    'birth-year': { type: 'string', value: 'YEAR', description: 'Year of birth' },
    category: { type: 'string', value: 'WORD', description: '80-plus, living-alone, dementia, …', multiple: true },
    speech: { type: 'string', value: 'TEXT', description: 'How to speak with the person' },
    health: { type: 'string', value: 'TEXT', description: 'What a rescuer should know' },
  },
  run: async ({ json, print, client }, values) => {
    const optional = {
      id: values.id,
      homeId: values.home,
      region: values.region,
      address: values.address,
      number: values.number,
      birthYear: values['birth-year'] === undefined ? undefined : readYear(values['birth-year']),
      speech: values.speech,
      health: values.health,
    };
    const body: Record<string, unknown> = { name: values.name, categories: values.category, ...optional };
    const added = await (await client()).request<Resident>('POST', '/residents', body satisfies LooseResident);
    if (json) print(JSON.stringify({ residentId: added.id, homeId: added.homeId }));
    else print(`Resident ${added.id} added, in home ${added.homeId}.`);
    return 0;
  },
});

/** The gateway judges the values; absent ones leave the JSON by themselves. */
type LooseResident = { readonly [K in keyof ResidentNew]?: unknown };

function readYear(text: string): number {
  if (!/^\d{4}$/.test(text)) throw new UsageError('--birth-year takes a year of four digits');
  return Number(text);
}
