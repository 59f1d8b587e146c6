import type { DeviceAddresses } from '../../../gateway/api/contract/addresses.ts';
import { formatAddresses } from '../address-options.ts';
import { defineCommand } from '../command.ts';

export const deviceConfirm = defineCommand({
  name: 'device confirm',
  summary:
    'Say that the telephone numbers of a device are still its own, after 60 days without a call or in another home.',
  argument: { name: 'ID', description: 'The device' },
  options: {},
  run: async ({ json, print, client }, _values, id) => {
    const path = `/devices/${encodeURIComponent(id)}/confirm`;
    const { items } = await (await client()).request<DeviceAddresses>('POST', path, {});
    if (json) print(JSON.stringify({ deviceId: id, addresses: items }));
    const numbers = items.filter(({ kind }) => kind === 'number');
    if (!json) print(numbers.length === 0 ? `Device ${id} has no telephone number.` : formatAddresses(numbers));
    return 0;
  },
});
