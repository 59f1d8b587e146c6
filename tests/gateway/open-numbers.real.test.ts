import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { Arrival } from '../../devices/links/ports.ts';
import type { AlarmEvent } from '../../devices/event.ts';
import { openNumbers } from '../../gateway/open-numbers.ts';
import { UNSEEN_MS } from '../../gateway/registry/addresses.ts';
import { createDatabase } from '../harness/postgres.ts';
import { scratchDir } from '../harness/scratch.ts';
import { until } from '../harness/until.ts';
import { openDatabase } from '../smoke/world/database.ts';
import { open } from './registry/open-test-registry.ts';
import { resolvedIncident } from './incidents/build.ts';

const NUMBER = '+8613800138000';

async function world() {
  const { databaseUrl } = await createDatabase();
  const { registry } = open(databaseUrl, await scratchDir());
  await registry.start();
  const planned = { kind: 'number', receiver: null, value: NUMBER, key: null, heartbeatS: null } as const;
  await registry.addDevice({ model: 'generic-pendant', id: 'd1' }, 'local:0', [planned]);
  const kept: Arrival[] = [];
  const nowMs = { ahead: 0 };
  const numbers = openNumbers({
    registry,
    door: {
      accept: async (arrival) => {
        kept.push(arrival);
        if (arrival.raw.length > 0) throw new Error('neither side kept it');
        return {} as AlarmEvent;
      },
    },
    contacts: {
      heard: () => undefined,
      connected: () => undefined,
      disconnected: () => undefined,
      dropped: () => undefined,
    },
    clock: { nowMs: () => Date.now() + nowMs.ahead, monoMs: () => performance.now() },
    logger: pino({ level: 'silent' }),
  });
  const address = () => registry.directory().addressesOf('d1')[0];
  const press = (raw = new Uint8Array()) => {
    const arrival: Omit<Arrival, 'deviceId' | 'standing'> = {
      source: { protocol: 'caller-id', peer: 'line' },
      message: { kind: 'alarm', type: 'sos', faults: [] },
      raw,
    };
    return numbers.door.accept({ ...arrival, ...registry.directory().callerOf('line', '13800138000') });
  };
  return { databaseUrl, registry, numbers, address, press };
}

test('a kept call is written behind the door, and one that nobody kept is not', async () => {
  const { numbers, address, press } = await world();
  await expect(press(Uint8Array.of(1))).rejects.toThrow('neither side kept it');
  await numbers.chore.run();
  expect(address()?.seenAt).toBeNull();
  await press();
  expect(address()?.seenAt).toBeNull();
  await numbers.chore.run();
  expect(Date.parse(address()?.seenAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
});

test('a number that was unseen for long is confirmed by whoever closes the case of its call after speaking with the person', async () => {
  const { databaseUrl, registry, numbers, address, press } = await world();
  const database = await openDatabase(databaseUrl);
  await database.rows(`update device_addresses set confirmed_at = now() - interval '${UNSEEN_MS / 1000 + 60} seconds'`);
  await registry.change('look again', async () => undefined);
  expect(address()?.isConfirmed).toBe(false);
  expect(registry.directory().callerOf('line', NUMBER).standing).toBe('unverified');
  await press();
  await numbers.chore.run();
  // The gateway that took the call may be another one, or have ended since.
  const close = (contact: string, changes: Parameters<typeof resolvedIncident>[0] = {}) =>
    numbers.take({
      id: null,
      entry: { id: 'e', incidentId: 'i1', at: 0, type: 'resolve', actor: 'user:u1', data: { contact }, said: {} },
      incident: resolvedIncident({
        ...{ deviceId: 'd1', subject: 'quarantine:unverified:d1', flags: ['unverified', 'unconfirmed-number'] },
        ...changes,
      }),
    });
  close('seen-by');
  // What came under another address of the same device says nothing of its number.
  close('spoke-with-person', { subject: 'resident:wang', flags: [] });
  close('spoke-with-person', { flags: ['unverified'] });
  close('spoke-with-person', { subject: 'resident:wang' });
  await registry.change('look again', async () => undefined);
  expect(address()).toMatchObject({ isConfirmed: false, seenAt: null });
  close('spoke-with-person');
  await until(() => address()?.isConfirmed === true, { timeoutMs: 30_000, what: 'the number is confirmed' });
  expect(registry.directory().callerOf('line', NUMBER).standing).toBe('verified');
});
