import { expect, test } from 'vitest';
import type { Entry } from '../../../dashboard/register/cache.ts';
import { calcAddress, calcHomeId, calcWho, planLookups, type Register } from '../../../dashboard/register/who.ts';
import { buildIncident, buildResident } from '../build-incident.ts';

function registerWith(known: Record<string, unknown>): Register {
  return {
    get: (kind, id) => {
      const value = known[`${kind}/${id}`];
      return value === undefined ? { state: 'loading' } : ({ state: 'known', value } as Entry<never>);
    },
  };
}
const home = {
  id: 'home-1',
  address: '3 Peace Road',
  region: null,
  entrance: null,
  accessPlan: null,
  residentIds: [],
  deviceIds: [],
};

test('a resident by name, by id while the name is being read', () => {
  const incident = buildIncident();
  expect(calcWho(incident, registerWith({ 'residents/res-1': buildResident() }))).toMatchObject({
    kind: 'resident',
    name: 'Old Li',
  });
  expect(calcWho(incident, registerWith({}))).toMatchObject({ kind: 'resident', id: 'res-1', name: null });
});

test('candidates are all named, whoever is not known yet by id', () => {
  const incident = buildIncident({ residentId: null, candidates: ['res-1', 'res-2'] });
  expect(calcWho(incident, registerWith({ 'residents/res-1': buildResident() }))).toEqual({
    kind: 'candidates',
    names: ['Old Li', 'res-2'],
    count: 2,
  });
});

test('without a person: the device, and whether we know it', () => {
  const nobody = { residentId: null, homeId: null };
  expect(calcWho(buildIncident({ ...nobody, flags: ['unregistered'] }), registerWith({})).kind).toBe(
    'unregistered-device',
  );
  expect(calcWho(buildIncident(nobody), registerWith({})).kind).toBe('device');
  expect(calcWho(buildIncident({ ...nobody, deviceId: null }), registerWith({})).kind).toBe('nobody');
});

test('the address comes from the home, else from the home of the resident, else of the device', () => {
  const incident = buildIncident({ homeId: null });
  expect(calcHomeId(incident, registerWith({}))).toBeNull();
  expect(calcAddress(incident, registerWith({}))).toEqual({ kind: 'unknown' });
  const viaResident = registerWith({ 'residents/res-1': buildResident(), 'homes/home-1': home });
  expect(calcAddress(incident, viaResident)).toEqual({ kind: 'known', address: '3 Peace Road' });
  const viaDevice = registerWith({ 'devices/dev-1': { homeId: 'home-1', boundFrom: null }, 'homes/home-1': home });
  expect(calcAddress(buildIncident({ homeId: null, residentId: null }), viaDevice)).toEqual({
    kind: 'known',
    address: '3 Peace Road',
  });
});

test('an unregistered device is not looked up', () => {
  const incident = buildIncident({ residentId: null, homeId: null, flags: ['unregistered'] });
  expect(planLookups(incident, registerWith({}))).toEqual([]);
});

test('a device that was handed on since tells nothing of the case', () => {
  const incident = buildIncident({ homeId: null, residentId: null });
  const home = { id: 'home-2', address: '4 War Road' };
  const bound = (boundFrom: string | null) =>
    calcHomeId(incident, registerWith({ 'devices/dev-1': { homeId: 'home-2', boundFrom }, 'homes/home-2': home }));
  const later = new Date(Date.parse(incident.openedAt) + 1).toISOString();
  expect([bound(null), bound(incident.openedAt), bound(later)]).toEqual(['home-2', 'home-2', null]);
});
