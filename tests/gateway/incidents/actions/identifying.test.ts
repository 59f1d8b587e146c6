import { describe, expect, test } from 'vitest';
import type { Command } from '../../../../gateway/incidents/command.ts';
import type { IncidentRecord } from '../../../../gateway/incidents/record.ts';
import { openIncident, operator, register, resolvedIncident } from '../build.ts';
import { actAmong } from './around.ts';

const home = register({
  homes: [{ id: 'home-1', region: 'yuyao/lanjiang' }],
  residents: [
    { id: 'wang', homeId: 'home-1' },
    { id: 'li', homeId: 'home-1' },
    { id: 'zhao', homeId: 'home-1' },
  ],
});
const as = (residentId: string): Command => ({ name: 'identify', body: { residentId } });
const shared = () =>
  openIncident({ candidates: ['wang', 'li'], subject: 'device:phone-1', flags: ['no-resident'], homeId: 'home-1' });

const identify = (record: IncidentRecord, residentId: string) => actAmong([{ record }], as(residentId), operator, home);

describe('Saying whose case it is', () => {
  test('lets her next emergency and the next press of the same phone join it', async () => {
    const record = shared();
    const { records, indexes, plan } = await identify(record, 'wang');
    expect(records[0]).toMatchObject({
      ...{ residentId: 'wang', subject: 'resident:wang', alsoAmong: ['device:phone-1'], flags: [], ownerId: 'u1' },
      candidates: ['wang', 'li'],
    });
    // Where it stood it stands on.
    expect([...indexes]).toEqual([['{zj}:index:resident:wang', { open: [record.id], last: null }]]);
    expect(plan?.entries[0]).toMatchObject({ type: 'identify', data: { residentId: 'wang' } });
  });

  test('can be corrected: who was meant before has nothing to do with it', async () => {
    const wrong = (await identify(shared(), 'wang')).records[0];
    if (wrong === undefined) throw new Error('refused');
    const { records, indexes } = await identify(wrong, 'li');
    expect(records[0]).toMatchObject({ residentId: 'li', subject: 'resident:li', alsoAmong: ['device:phone-1'] });
    expect(indexes.get('{zj}:index:resident:wang')).toEqual({ open: [], last: null });
  });

  test('is one of those whom it may be, and nobody where the device tells', async () => {
    expect((await identify(shared(), 'zhao')).refused).toBe('bad-request');
    expect((await identify(shared(), 'nobody')).refused).toBe('bad-request');
    expect((await identify(openIncident({ residentId: 'wang' }), 'li')).refused).toBe('wrong-state');
    expect((await identify(resolvedIncident({ candidates: ['wang'] }), 'wang')).refused).toBe('wrong-state');
  });

  test('may be anybody where nobody is known, and brings the place', async () => {
    const { records } = await identify(openIncident({ subject: 'case:1', deviceId: null }), 'zhao');
    expect(records[0]).toMatchObject({
      residentId: 'zhao',
      homeId: 'home-1',
      region: 'yuyao/lanjiang',
      isForAll: true,
    });
  });

  test('leaves what nobody proved apart', async () => {
    const unproven = openIncident({ subject: 'quarantine:unregistered:x', flags: ['unregistered'] });
    const { records } = await identify(unproven, 'wang');
    expect(records[0]).toMatchObject({ residentId: 'wang', subject: 'quarantine:unregistered:x', alsoAmong: [] });
  });
});
