import type { AddressFields, DeviceAddress } from '../../gateway/api/contract/addresses.ts';
import { UsageError, type Values } from './command.ts';
import { KEY_OPTIONS, readKey } from './key-options.ts';
import { formatTable } from './table.ts';

/** Under what a device sends where it has no name of its own; the same wherever a command takes it. */
export const ADDRESS_OPTIONS = {
  account: {
    type: 'string',
    value: 'HEX',
    description: 'Its account at an alarm receiver, 3 to 16 hexadecimal digits',
  },
  receiver: {
    type: 'string',
    value: 'NAME',
    description: 'The account counts at this receiver alone: dc09, or the name of a serial port; else at any',
  },
  ...KEY_OPTIONS,
  'new-key': { type: 'string', value: 'BITS', description: 'Make a key of 128, 192 or 256 bits; shown once' },
  number: { type: 'string', value: 'NUMBER', description: 'Telephone number that it calls or writes from' },
  heartbeat: { type: 'string', value: 'SECONDS', description: 'Between two reports; else as its model has it' },
} as const;

/** The gateway judges what stands there. @throws UsageError where it is no number, or a file cannot be read */
export async function readAddressOptions(values: Values<typeof ADDRESS_OPTIONS>): Promise<AddressFields> {
  const { account, receiver, number, heartbeat } = values;
  const bits = values['new-key'];
  const newKeyBits = ([128, 192, 256] as const).find((known) => String(known) === bits);
  if (bits !== undefined && newKeyBits === undefined) throw new UsageError('--new-key takes 128, 192 or 256');
  if (heartbeat !== undefined && !/^\d+$/.test(heartbeat)) throw new UsageError('--heartbeat takes seconds');
  const heartbeatS = heartbeat === undefined ? undefined : Number(heartbeat);
  const key = await readKey(values);
  const given = { account, receiver, key, newKeyBits, number, heartbeatS };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

export function formatAddresses(addresses: readonly DeviceAddress[]): string {
  return formatTable(
    ['ADDRESS', 'KIND', 'VALUE', 'RECEIVER', 'KEY', 'HEARTBEAT', 'CONFIRMED', 'SEEN'],
    addresses.map(({ id, kind, value, receiver, hasKey, heartbeatS, isConfirmed, seenAt }) => [
      String(id),
      kind,
      value ?? '(not shown)',
      receiver ?? '-',
      hasKey ? 'yes' : '-',
      heartbeatS === null ? '-' : `${heartbeatS} s`,
      isConfirmed ? 'yes' : 'no',
      seenAt ?? '-',
    ]),
  );
}
