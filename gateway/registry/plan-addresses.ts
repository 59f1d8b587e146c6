import type { AddressFields } from '../api/contract/addresses.ts';
import { canonicalNumber, isCompleteNumber, type Numbering } from './phone-number.ts';
import { RegistryError } from './registry-error.ts';
import type { PlannedAddress } from './writes/addresses.ts';

export type PlannedAddresses = {
  readonly addresses: readonly PlannedAddress[];
  /** Made here, hexadecimal, to be shown once; null where none was asked for. */
  readonly newKey: string | null;
};

/**
 * What was asked for, as it is to be kept: an account in upper case, its receiver in lower case, a number with its country code. Pure but for the bytes of a
 * new key. @throws RegistryError `bad-request` where fields contradict each other
 */
export function planAddresses(
  fields: AddressFields,
  { numbering, randomBytes }: { readonly numbering: Numbering; readonly randomBytes: (count: number) => Uint8Array },
): PlannedAddresses {
  const { account, receiver, key = null, newKeyBits, number, heartbeatS = null } = fields;
  if (account === undefined) {
    for (const name of ['receiver', 'key', 'newKeyBits'] as const) {
      if (fields[name] !== undefined) refuse(name, 'This goes with an account');
    }
    if (heartbeatS !== null && number === undefined) refuse('heartbeatS', 'This goes with an account or a number');
  }
  if (key !== null && newKeyBits !== undefined) refuse('newKeyBits', 'Give a key or have one made, not both');
  const newKey = newKeyBits === undefined ? null : Buffer.from(randomBytes(newKeyBits / 8)).toString('hex');
  const addresses: PlannedAddress[] = [];
  if (account !== undefined) {
    const value = account.toUpperCase();
    addresses.push({
      ...{ kind: 'account', receiver: receiver?.toLowerCase() ?? null, value },
      ...{ key: newKey ?? key?.toLowerCase() ?? null, heartbeatS },
    });
  }
  if (number !== undefined) {
    const value = canonicalNumber(number, numbering);
    if (value === null || !isCompleteNumber(value)) {
      return refuse('number', 'Write it with area code or country code: it must be one number wherever it is dialled');
    }
    addresses.push({
      ...{ kind: 'number', receiver: null, value, key: null },
      heartbeatS: account === undefined ? heartbeatS : null,
    });
  }
  return { addresses, newKey };
}

function refuse(field: string, message: string): never {
  throw new RegistryError('bad-request', `/${field}`, message);
}
