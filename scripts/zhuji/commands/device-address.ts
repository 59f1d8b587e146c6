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
    const { remove, 'dry-run': isDryRun } = values;
    const fields = await readAddressOptions(values);
    const isAdding = Object.keys(fields).length > 0;
    if (remove !== undefined && isAdding) throw new UsageError('--remove goes alone');
    if (remove === undefined && isDryRun) throw new UsageError('--dry-run goes with --remove');
    if (remove !== undefined && !/^[1-9]\d*$/.test(remove)) throw new UsageError('--remove takes a number of the list');
    const gateway = await client();
    const path = `/devices/${encodeURIComponent(id)}/addresses`;
    if (remove !== undefined && !isDryRun) await gateway.request('DELETE', `${path}/${remove}`);
    const { items, newKey }: AddressesAdded = isAdding
      ? await gateway.request<AddressesAdded>('POST', path, fields)
      : { ...(await gateway.request<DeviceAddresses>('GET', path)), newKey: null };
    if (isDryRun && !items.some((item) => String(item.id) === remove)) {
      throw new UsageError(`Device ${id} has no address ${remove}`);
    }
    if (json) print(JSON.stringify({ deviceId: id, addresses: items, newKey }));
    else {
      if (isDryRun) print(`Would take address ${remove} away from device ${id}.`);
      print(items.length === 0 ? `Device ${id} has no account and no number.` : formatAddresses(items));
      if (newKey !== null) print(`Key of the account: ${newKey}   (shown once)`);
    }
    return 0;
  },
});
