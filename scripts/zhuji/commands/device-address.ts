import type { AddressesAdded, DeviceAddresses } from '../../../gateway/api/contract/addresses.ts';
import { ADDRESS_OPTIONS, formatAddresses, readAddressOptions } from '../address-options.ts';
import { defineCommand, UsageError } from '../command.ts';

export const deviceAddress = defineCommand({
  name: 'device address',
  summary: 'Show the accounts and numbers that a device sends under, add one, or take one away.',
  argument: { name: 'ID', description: 'The device' },
  options: {
    ...ADDRESS_OPTIONS,
    remove: { type: 'string', value: 'ADDRESS', description: 'Take this one away, as the list numbers it' },
    'dry-run': { type: 'boolean', description: 'With --remove: only say what would happen' },
  },
  run: async ({ json, print, client }, values, id) => {
    const { remove } = values;
    const fields = readAddressOptions(values);
    const isAdding = Object.keys(fields).length > 0;
    if (remove !== undefined && isAdding) throw new UsageError('--remove goes alone');
    if (remove !== undefined && !/^[1-9]\d*$/.test(remove)) throw new UsageError('--remove takes a number of the list');
    const gateway = await client();
    const path = `/devices/${encodeURIComponent(id)}/addresses`;
    if (remove !== undefined && !values['dry-run']) await gateway.request('DELETE', `${path}/${remove}`);
    const { items, newKey }: AddressesAdded = isAdding
      ? await gateway.request<AddressesAdded>('POST', path, fields)
      : { ...(await gateway.request<DeviceAddresses>('GET', path)), newKey: null };
    if (json) print(JSON.stringify({ deviceId: id, addresses: items, newKey }));
    else {
      if (remove !== undefined && values['dry-run']) print(`Would take address ${remove} away from device ${id}.`);
      print(items.length === 0 ? `Device ${id} has no account and no number.` : formatAddresses(items));
      if (newKey !== null) print(`Key of the account: ${newKey}   (shown once)`);
    }
    return 0;
  },
});
