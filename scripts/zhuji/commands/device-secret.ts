import type { Device, DeviceCreated } from '../../../gateway/api/contract/registry.ts';
import { defineCommand } from '../command.ts';

export const deviceSecret = defineCommand({
  name: 'device secret',
  summary: 'Give a device another password, shown once. Under the old one its alarms still ring, marked as unverified.',
  argument: { name: 'ID', description: 'The device' },
  options: { 'dry-run': { type: 'boolean', description: 'Only say what would happen' } },
  run: async ({ json, print, client }, values, id) => {
    const gateway = await client();
    const path = `/devices/${encodeURIComponent(id)}`;
    if (values['dry-run']) {
      const device = await gateway.request<Device>('GET', path);
      if (json) print(JSON.stringify({ deviceId: id, replaced: false }));
      else print(`Would give device ${id} (${device.model}) another password.`);
      return 0;
    }
    const { username, password, topic, mqttUrl } = await gateway.request<DeviceCreated>('POST', `${path}/secret`);
    if (json) print(JSON.stringify({ deviceId: id, replaced: true, username, password, topic, mqttUrl }));
    else print(`Device ${id} has another password: ${password}   (shown once)`);
    return 0;
  },
});
