import type { Clock } from '../clock.ts';
import type { Registry } from './registry.ts';
import { addAddresses, confirmNumbers, type PlannedAddress, removeAddress } from './writes/addresses.ts';

/** Changes of what devices send under; each is in effect when it resolves. @throws RegistryError, StoreError */
export type AddressWrites = {
  readonly add: (deviceId: string, addresses: readonly PlannedAddress[]) => Promise<void>;
  readonly remove: (deviceId: string, addressId: number) => Promise<void>;
  /** Somebody made sure that the numbers of a device are its own. */
  readonly confirm: (deviceId: string) => Promise<void>;
};

export function createAddressWrites(registry: Pick<Registry, 'change'>, clock: Pick<Clock, 'nowMs'>): AddressWrites {
  return {
    add: (deviceId, addresses) =>
      registry.change('add addresses', (db) => addAddresses(db, deviceId, addresses, clock.nowMs())),
    remove: (deviceId, addressId) =>
      registry.change('remove an address', (db) => removeAddress(db, deviceId, addressId)),
    confirm: (deviceId) => registry.change('confirm numbers', (db) => confirmNumbers(db, deviceId, clock.nowMs())),
  };
}
