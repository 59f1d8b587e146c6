import type { DeviceCreated } from '../../gateway/api/contract/registry.ts';
import type { UserCreated } from '../../gateway/api/contract/session.ts';
import { ProblemAnswer, type Client } from '../zhuji/client.ts';
import { DEMO_HOMES, DEMO_PEOPLE } from './district.ts';
import type { DemoSecrets } from './keep.ts';

/**
 * Adds homes, residents, devices and people of the demo that are not there yet, through the same API as everybody. What a
 * former start added is left as it is; a password that was lost with `demo.json` cannot be had again.
 */
export async function provisionDistrict(
  client: Client,
  known: DemoSecrets,
  save: (secrets: DemoSecrets) => Promise<void>,
): Promise<DemoSecrets> {
  const users = { ...known.users };
  const devices = { ...known.devices };
  const keys = { ...known.keys };
  for (const { home, residents, devices: homeDevices } of DEMO_HOMES) {
    await addOnce(client, '/homes', home);
    for (const resident of residents) await addOnce(client, '/residents', { ...resident, homeId: home.id });
    for (const { wornBy, ...device } of homeDevices) {
      const residentIds = wornBy.flatMap((index) => residents[index]?.id ?? []);
      const added = await addOnce<DeviceCreated>(client, '/devices', { ...device, homeId: home.id, residentIds });
      if (added !== null) devices[device.id] = added.password;
      if (added?.newKey !== undefined) keys[device.id] = added.newKey;
      await save({ users, devices, keys });
    }
  }
  for (const person of DEMO_PEOPLE) {
    const added = await addOnce<UserCreated>(client, '/users', person);
    if (added !== null && added.password !== null) users[person.username] = added.password;
    await save({ users, devices, keys });
  }
  return { users, devices, keys };
}

/** Null where it was there already. */
async function addOnce<T>(client: Client, path: string, body: unknown): Promise<T | null> {
  try {
    return await client.request<T>('POST', path, body);
  } catch (error) {
    if (error instanceof ProblemAnswer && error.problem.code === 'conflict') return null;
    throw error;
  }
}
