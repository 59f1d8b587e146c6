import type { Device } from '../../../gateway/api/contract/registry.ts';
import { listAll } from '../client.ts';
import { defineCommand } from '../command.ts';
import { formatTable } from '../table.ts';

export const deviceList = defineCommand({
  name: 'device list',
  summary: 'List the devices, with those whose service ended.',
  options: {},
  run: async ({ json, print, client }) => {
    const devices = await listAll<Device>(await client(), '/devices');
    if (json) print(JSON.stringify(devices));
    else {
      print(
        formatTable(
          ['DEVICE', 'MODEL', 'HOME', 'RESIDENTS', 'LAST CONTACT', 'RETIRED'],
          devices.map((device) => [
            device.id,
            device.model,
            device.homeId ?? '-',
            device.residentIds.join(',') || '-',
            device.lastContactAt ?? '-',
            device.retiredAt ?? '-',
          ]),
        ),
      );
    }
    return 0;
  },
});
