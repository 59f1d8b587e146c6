import type { AddressFields } from '../../gateway/api/contract/addresses.ts';
import type { DeviceCreated, Home, Resident } from '../../gateway/api/contract/registry.ts';
import { type Client, ProblemAnswer } from '../zhuji/client.ts';

/** One home for all simulated people, used again by the next run: what the register keeps cannot be taken back. */
const HOME_ID = 'simulated';

/** Devices of this run, in turn of the models, each worn by a simulated resident. */
export async function addSimulatedDevices(
  client: Client,
  options: {
    readonly count: number;
    readonly models: readonly string[];
    readonly region: string;
    /** Under what each sends that has no name of its own, by its number from 0. */
    readonly addressOf?: (index: number) => AddressFields;
  },
): Promise<DeviceCreated[]> {
  const { count, models, region, addressOf } = options;
  await findOr(client, `/homes/${HOME_ID}`, () =>
    client.request<Home>('POST', '/homes', { id: HOME_ID, address: 'Simulated home', region }),
  );
  const devices: DeviceCreated[] = [];
  for (let index = 0; index < count; index += 1) {
    const id = `${HOME_ID}-${index + 1}`;
    await findOr(client, `/residents/${id}`, () =>
      client.request<Resident>('POST', '/residents', { id, name: `Simulated ${index + 1}`, homeId: HOME_ID }),
    );
    const model = models[index % models.length];
    devices.push(
      await client.request<DeviceCreated>('POST', '/devices', { model, residentIds: [id], ...addressOf?.(index) }),
    );
  }
  return devices;
}

/** Ends the service of the devices again; answers those that could not be removed. */
export async function removeSimulatedDevices(client: Client, devices: readonly { id: string }[]): Promise<string[]> {
  const results = await Promise.allSettled(devices.map(({ id }) => client.request('DELETE', `/devices/${id}`)));
  return devices.filter((_, index) => results[index]?.status === 'rejected').map(({ id }) => id);
}

async function findOr(client: Client, path: string, make: () => Promise<unknown>): Promise<void> {
  try {
    await client.request('GET', path);
  } catch (error) {
    if (!(error instanceof ProblemAnswer) || error.problem.code !== 'not-found') throw error;
    await make();
  }
}
