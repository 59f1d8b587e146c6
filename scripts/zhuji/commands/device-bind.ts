import type { Device } from '../../../gateway/api/contract/registry.ts';
import { defineCommand, UsageError } from '../command.ts';

export const deviceBind = defineCommand({
  name: 'device bind',
  summary: 'Hand a device on. The next wearer begins with nothing of the one before, whose open cases stay theirs.',
  argument: { name: 'ID', description: 'The device' },
  options: {
    resident: { type: 'string', value: 'ID', description: 'Who wears or uses it from now on', multiple: true },
    home: { type: 'string', value: 'ID', description: 'Where it hangs; else the home of its residents' },
    'no-home': { type: 'boolean', description: 'It hangs in none' },
    place: { type: 'string', value: 'TEXT', description: 'Place in the home' },
    'dry-run': { type: 'boolean', description: 'Only say what would happen' },
  },
  run: async ({ json, print, client }, values, id) => {
    const { home, place } = values;
    const [residents, isNowhere, isDryRun] = [values.resident, values['no-home'], values['dry-run']];
    if (home !== undefined && isNowhere) throw new UsageError('--home and --no-home exclude each other');
    const gateway = await client();
    const path = `/devices/${encodeURIComponent(id)}`;
    const before = await gateway.request<Device>('GET', path);
    const body = { homeId: isNowhere ? null : home, residentIds: residents, place };
    const after = isDryRun ? before : await gateway.request<Device>('PUT', `${path}/binding`, body);
    const isHandedOn = before.boundFrom !== after.boundFrom;
    if (json) {
      const { homeId, residentIds, boundFrom } = after;
      print(JSON.stringify({ deviceId: id, homeId, residentIds, place: after.place, boundFrom, handedOn: isHandedOn }));
    } else if (isDryRun) print(`Would bind device ${id}, now of ${describe(before)}, anew.`);
    else {
      print(`Device ${id} is of ${describe(after)}${isHandedOn ? '' : ', as before'}.`);
      if (after.addresses.some(({ isConfirmed }) => !isConfirmed)) {
        print(`Whether its telephone number came with it is not certain: say so with zhuji device confirm ${id}.`);
      }
    }
    return 0;
  },
});

function describe({ residentIds, homeId }: Device): string {
  const who = residentIds.length === 0 ? 'nobody' : residentIds.join(', ');
  return homeId === null ? `${who}, in no home` : `${who}, in home ${homeId}`;
}
