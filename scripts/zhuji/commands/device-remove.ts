import type { Device } from '../../../gateway/api/contract/registry.ts';
import { type Command, defineCommand } from '../command.ts';

export const deviceRemove = defineCommand({
  name: 'device remove',
  summary: 'End the service of a device. Its secret counts no longer; its alarms still ring, marked as retired.',
  argument: { name: 'ID', description: 'The device' },
  options: { 'dry-run': { type: 'boolean', description: 'Only say what would happen' } },
  run: async ({ json, print, client }, values, id) => {
    const gateway = await client();
    const isDryRun = values['dry-run'];
    const device = await gateway.request<Device>('GET', `/devices/${encodeURIComponent(id)}`);
    if (!isDryRun) await gateway.request('DELETE', `/devices/${encodeURIComponent(id)}`);
    if (json) print(JSON.stringify({ deviceId: id, removed: !isDryRun, wasRetired: device.retiredAt !== null }));
    else print(isDryRun ? `Would end the service of device ${id} (${device.model}).` : `Device ${id} removed.`);
    return 0;
  },
});

/** The word for it that people look for. */
export const deviceRetire: Command = { ...deviceRemove, name: 'device retire' };
