import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Standing } from '../../../devices/standing.ts';
import { buildDirectory } from '../../../gateway/registry/build-directory.ts';
import type { RegisterRows } from '../../../gateway/registry/rows.ts';
import { arbitraryRows } from './arbitrary-rows.ts';

/** What the directory should answer, found by looking through all rows each time. */
function naiveStanding(rows: RegisterRows, id: string, secret: string | undefined): Standing {
  const row = rows.devices.find((device) => device.id === id);
  if (row === undefined) return 'unregistered';
  if (row.retiredAt !== null) return 'retired';
  if (secret === undefined) return 'unverified';
  return createHash('sha256').update(secret).digest('hex') === row.secretSha256 ? 'verified' : 'unverified';
}

/** The one that has not ended. */
function naiveBinding(rows: RegisterRows, id: string): RegisterRows['bindings'][number] | undefined {
  return rows.bindings.find(({ deviceId, until }) => deviceId === id && until === null);
}

test('at any moment a device belongs to whoever had it then', () => {
  fc.assert(
    fc.property(arbitraryRows, fc.integer({ min: -5, max: 100 }), (rows, atMs) => {
      const directory = buildDirectory(rows);
      for (const { id } of rows.devices) {
        const own = rows.bindings.filter(({ deviceId }) => deviceId === id);
        const then = own.find(({ from, until }) => from <= atMs && (until === null || atMs < until)) ?? own[0];
        expect(directory.deviceAt(id, atMs)).toMatchObject({
          id,
          homeId: then?.homeId ?? null,
          residentIds: then?.residentIds ?? [],
          binding: then?.number ?? 1,
        });
      }
      expect(directory.deviceAt('d9', atMs)).toBeUndefined();
    }),
  );
});

test('standing agrees with a search through all rows', () => {
  fc.assert(
    fc.property(
      arbitraryRows,
      fc.constantFrom('d1', 'd2', 'd3', 'd4', 'd5', '__proto__'),
      fc.constantFrom('one', 'two', '', 'three', undefined),
      (rows, id, secret) => {
        const presented = secret === undefined ? undefined : Buffer.from(secret);
        expect(buildDirectory(rows).standingOf(id, presented)).toBe(naiveStanding(rows, id, secret));
      },
    ),
  );
});

test('homes, residents and devices agree with a search through all rows', () => {
  fc.assert(
    fc.property(arbitraryRows, (rows) => {
      const directory = buildDirectory(rows);
      for (const id of ['h1', 'h2', 'h3', 'h4']) {
        expect(directory.home(id)).toEqual(rows.homes.find((home) => home.id === id));
        expect(directory.residentsOfHome(id).map((resident) => resident.id)).toEqual(
          rows.residents.filter(({ homeId }) => homeId === id).map((resident) => resident.id),
        );
        expect(directory.devicesOfHome(id).map((device) => device.id)).toEqual(
          rows.devices.filter((device) => naiveBinding(rows, device.id)?.homeId === id).map((device) => device.id),
        );
      }
      for (const { id } of rows.devices) {
        const bound = naiveBinding(rows, id);
        expect(directory.device(id)).toMatchObject({
          homeId: bound?.homeId ?? null,
          residentIds: bound?.residentIds ?? [],
          binding: bound?.number ?? 1,
        });
      }
      for (const { id } of rows.residents) {
        const orders = directory.resident(id)?.contacts.map(({ order }) => order) ?? [];
        const expected = rows.contacts.filter(({ residentId }) => residentId === id).map(({ order }) => order);
        expect(orders).toEqual(expected.toSorted((a, b) => a - b));
      }
    }),
  );
});

test('nothing secret comes out of a directory', () => {
  const user = { id: 'u', username: 'u', name: 'u', roles: ['admin' as const], regions: ['*'], epoch: 1 };
  const rows = {
    ...{ revision: 1, homes: [], residents: [], contacts: [], bindings: [], statuses: [], sessionKey: 'MARK' },
    devices: [{ id: 'd', model: 'm', retiredAt: 0, secretSha256: 'ab'.repeat(32) }],
    users: [{ ...user, passwordHash: 'MARK' }],
  };
  const directory = buildDirectory(rows);
  expect(directory.user('u')).toEqual(user);
  expect(JSON.stringify([directory.users(), directory.devices()])).not.toMatch(/MARK|abab/);
  expect(directory.device('d')?.retiredAt).toBe('1970-01-01T00:00:00.000Z');
});
