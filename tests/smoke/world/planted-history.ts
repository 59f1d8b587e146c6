import { expect } from 'vitest';
import type { Resident } from '../../../gateway/api/contract/registry.ts';
import type { Scene } from './planted-scene.ts';

/** Reads the long memory in every way, and erases a person of whom everything is planted. */
export async function useHistory({ planted, admin, answered }: Scene, deviceId: string): Promise<void> {
  const ask = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<void> => {
    expect((await admin.ask(method, path, body)).status, path).toBe(200);
    answered.push(`${method} /api/v1${path.replace(/\?.*/, '')}`);
  };
  const { items } = await admin.list('state=all');
  await ask('GET', `/incidents/${items[0]?.id}/case`);
  const to = new Date().toISOString();
  const from = new Date(Date.parse(to) - 3_600_000).toISOString();
  await ask('GET', `/devices/${deviceId}/contacts?from=${from}&to=${to}`);
  const wrong = await admin.ask('GET', `/devices/${deviceId}/contacts?from=${planted.word('span.from')}&to=${to}`);
  expect(wrong.status).toBe(400);
  await ask('GET', '/audit/verification?after=0');
  const erased = await admin.post<Resident>('/residents', {
    name: planted.text('erased.name'),
    region: 'city',
    address: planted.text('erased.address'),
    health: planted.text('erased.health'),
  });
  await ask('POST', `/residents/${erased.id}/erase`, { ground: planted.text('erased.ground') });
  const refused = await admin.ask('POST', `/residents/${erased.id}/erase`, { [planted.word('erased.key')]: 1 });
  expect(refused.status).toBe(400);
}
