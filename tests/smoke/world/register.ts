import { createClient, type Client } from '../../../scripts/zhuji/client.ts';
import type { AddressFields } from '../../../gateway/api/contract/addresses.ts';
import type { DeviceCreated, Resident } from '../../../gateway/api/contract/registry.ts';
import type { TestGateway } from '../../harness/gateway.ts';
import type { Credentials } from './device.ts';

/** The way of the `zhuji` command into a gateway, without a process for each call. */
export function localClient({ socketPath, dataDir }: Pick<TestGateway, 'socketPath' | 'dataDir'>): Client {
  return createClient({ kind: 'socket', socketPath, dataDir });
}

/** A registered device; with `name` it belongs to a new resident of that name, in a home of `region`. */
export async function addDevice(
  gateway: Pick<TestGateway, 'socketPath' | 'dataDir'>,
  {
    id,
    name,
    region = 'test-city',
    model = 'generic-one-touch',
    sends,
  }: {
    readonly id?: string;
    readonly name?: string;
    readonly region?: string;
    readonly model?: string;
    /** Account, number, key: under what it sends where it has no name of its own. */
    readonly sends?: AddressFields;
  } = {},
): Promise<Credentials & { readonly residentId: string | null }> {
  const client = localClient(gateway);
  const resident = name === undefined ? null : await client.request<Resident>('POST', '/residents', { name, region });
  const residentIds = resident === null ? [] : [resident.id];
  const { username, password, mqttUrl, ...device } = await client.request<DeviceCreated>('POST', '/devices', {
    model,
    residentIds,
    ...sends,
    ...(id === undefined ? {} : { id }),
  });
  return { deviceId: device.id, username, password, mqttUrl, residentId: resident?.id ?? null };
}
