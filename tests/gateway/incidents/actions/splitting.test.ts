import { describe, expect, test } from 'vitest';
import type { AlarmEvent } from '../../../../devices/event.ts';
import { incidentIdOf } from '../../../../gateway/incidents/record.ts';
import { NOW, openIncident, operator, pressed, register } from '../build.ts';
import { actAmong, type Case } from './around.ts';

const home = register({
  homes: [{ id: 'home-1', region: 'yuyao/lanjiang' }],
  residents: [
    { id: 'wang', homeId: 'home-1' },
    { id: 'li', homeId: 'home-1' },
  ],
  devices: [
    { id: 'pendant-1', homeId: 'home-1', residentIds: ['wang'] },
    { id: 'pendant-2', homeId: 'home-1', residentIds: ['li'] },
  ],
});

const first = pressed();
const cancel = pressed({ message: { kind: 'cancel', type: 'sos' } });
const other = pressed({ deviceId: 'pendant-2', message: { type: 'smoke' }, receivedAt: NOW - 5 });
const mixed = (): Case => ({
  record: openIncident({
    ...{ state: 'claimed', ownerId: operator.id, ringing: false, ladder: null, id: incidentIdOf(first.id) },
    ...{ subject: 'resident:wang', alsoAmong: ['resident:li'], presses: 2, types: ['sos', 'smoke'] },
  }),
  alarms: [first, cancel, other],
});

function split(alarms: readonly AlarmEvent[], from: Case = mixed(), more: readonly Case[] = []) {
  const alarmIds = alarms.map(({ id }) => id);
  return actAmong([from, ...more], { name: 'split', body: { alarmIds } }, operator, home);
}

describe('Splitting alarms off', () => {
  test('opens a case of their own, where they belong, and it rings', async () => {
    const { records, plan, indexes } = await split([other]);
    const [source, fresh] = records;
    expect(fresh).toMatchObject({
      ...{ id: incidentIdOf(other.id), state: 'open', ownerId: null, ringing: true, version: 1 },
      ...{ residentId: 'li', subject: 'resident:li', region: 'yuyao/lanjiang', type: 'smoke', types: ['smoke'] },
      ...{ presses: 1, openedAt: NOW - 5 },
    });
    expect(source).toMatchObject({ presses: 1, types: ['sos'], alsoAmong: [], state: 'claimed', ownerId: 'u1' });
    expect(indexes.get('{zj}:index:resident:li')).toEqual({ open: [fresh?.id], last: null });
    expect(plan?.moves).toEqual([{ from: source?.id, to: fresh?.id, alarmIds: [other.id] }]);
    expect(plan?.entries.map(({ incidentId, type }) => [incidentId, type])).toEqual([
      [source?.id, 'split'],
      [fresh?.id, 'opened'],
      [fresh?.id, 'rang'],
    ]);
  });

  test('of the alarm that opened the case makes another id, and none that is taken', async () => {
    const { records } = await split([first, cancel]);
    expect(records[1]?.id).toBe(`${incidentIdOf(first.id)}.1`);
    expect(records[0]).toMatchObject({ type: 'smoke', types: ['smoke'], priority: 1 });
  });

  test('takes no priority from the case and keeps duress silent', async () => {
    const duress = pressed({ message: { type: 'duress' } });
    const water = pressed({ message: { type: 'water' } });
    const record = openIncident({ presses: 2, type: 'duress', types: ['duress', 'water'] });
    const { records } = await split([duress], { record, alarms: [duress, water] });
    expect(records[0]).toMatchObject({ priority: 1, types: ['duress', 'water'] });
    expect(records[1]).toMatchObject({ type: 'duress', priority: 1 });
  });

  test('leaves something, opens with a press, and names alarms of this case alone', async () => {
    for (const alarms of [[first, other], [first, cancel, other], [cancel], [pressed()]]) {
      expect((await split(alarms)).refused).toBe('bad-request');
    }
    const battery = openIncident({ type: 'low-battery' });
    expect((await split([first], { record: battery, alarms: [first, other] })).refused).toBe('wrong-state');
  });
});
