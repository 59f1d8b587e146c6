import { describe, expect, test } from 'vitest';
import type { Command } from '../../../../gateway/incidents/command.ts';
import type { IncidentRecord } from '../../../../gateway/incidents/record.ts';
import { colleague, NOW, openIncident, operator, pressed, resolvedIncident, SECOND, supervisor } from '../build.ts';
import { actAmong } from './around.ts';

const mine = { state: 'claimed', ownerId: operator.id, claimedAt: NOW, ringing: false, ladder: null } as const;
const into = (target: IncidentRecord): Command => ({ name: 'merge', body: { into: target.id } });
const phone = () =>
  openIncident({ ...mine, subject: 'device:phone-1', deviceId: 'phone-1', presses: 2, flags: ['late'] });
const pendant = () => openIncident({ ...mine, subject: 'resident:wang', residentId: 'wang' });

async function merge(source: IncidentRecord, target: IncidentRecord, actor = operator) {
  const alarms = [pressed(), pressed()];
  return { alarms, ...(await actAmong([{ record: source, alarms }, { record: target }], into(target), actor)) };
}

describe('Merging a case into another', () => {
  test('moves alarms, presses, flags and subjects in one plan, and ends the case without asking for contact', async () => {
    const [source, target] = [phone(), pendant()];
    const { alarms, plan, records, indexes } = await merge(source, target);
    expect(records).toMatchObject([
      { id: source.id, state: 'resolved', resolution: { outcome: 'duplicate', contact: null, mergedInto: target.id } },
      { id: target.id, state: 'claimed', presses: 3, flags: ['late'], alsoAmong: ['device:phone-1'], ringing: false },
    ]);
    expect(plan?.moves).toEqual([{ from: source.id, to: target.id, alarmIds: alarms.map(({ id }) => id) }]);
    // The next press of the phone joins the case that lives on.
    expect(indexes.get('{zj}:index:device:phone-1')).toEqual({ open: [target.id], last: null });
    expect(plan?.entries.map(({ incidentId, type }) => [incidentId, type])).toEqual([
      [source.id, 'merge'],
      [source.id, 'resolved'],
      [target.id, 'merge'],
    ]);
  });

  test('rings where the other case gained urgency by it, and else leaves it quiet', async () => {
    const water = () => openIncident({ ...mine, type: 'water', subject: 'device:tap' });
    expect((await merge(phone(), water())).records[1]).toMatchObject({ priority: 1, type: 'sos', ringing: true });
    expect((await merge(water(), phone())).records[1]).toMatchObject({ priority: 1, type: 'sos', ringing: true });
    const twice = openIncident({ ...mine, subject: 'device:x' });
    expect((await merge(phone(), twice)).records[1]).toMatchObject({ priority: 1, ringing: false });
  });

  test('takes what was shelved off its shelf, and claims what nobody has', async () => {
    const shelved = openIncident({ ...mine, state: 'shelved', shelvedUntil: NOW + 60 * SECOND });
    expect((await merge(phone(), shelved)).records[1]).toMatchObject({
      state: 'claimed',
      ringing: true,
      shelvedUntil: null,
    });
    const { records, plan } = await merge(phone(), openIncident({ subject: 'device:y' }));
    expect(records[1]).toMatchObject({ state: 'claimed', ownerId: 'u1' });
    expect(plan?.entries.map(({ type }) => type)).toContain('claimed');
  });

  test('of a colleague’s case is the supervisor’s, into a colleague’s case it is anybody’s', async () => {
    expect((await merge(phone(), pendant(), colleague)).refused).toBe('claimed-by-other');
    expect((await merge(phone(), pendant(), supervisor)).refused).toBeNull();
    const theirs = { ...pendant(), ownerId: colleague.id };
    expect((await merge(phone(), theirs)).records[1]).toMatchObject({ ownerId: 'u2' });
  });

  test('keeps duress silent and 119 asked for', async () => {
    const duress = openIncident({ ...mine, type: 'duress', types: ['duress'], subject: 'device:d' });
    const { records } = await merge(duress, phone());
    expect(records[1]?.types).toEqual(['sos', 'duress']);
    expect(records[1]?.policy.steps.map(({ target }) => target)).not.toContain('contacts');
  });

  test('is refused where one of the two is closed, of another kind, unproven, a drill or technical', async () => {
    const others: IncidentRecord[] = [
      resolvedIncident(),
      openIncident({ type: 'service' }),
      openIncident({ subject: 'quarantine:unverified:x' }),
      openIncident({ flags: ['drill'] }),
    ];
    for (const other of others) expect((await merge(phone(), other)).refused).toBe('wrong-state');
    expect((await merge(resolvedIncident(), phone())).refused).toBe('wrong-state');
    const battery = () => openIncident({ type: 'low-battery' });
    expect((await merge(battery(), battery())).refused).toBe('wrong-state');
  });

  test('is refused where they are of two persons, unless the device of one may have named either', async () => {
    const li = (candidates: readonly string[] = []) =>
      openIncident({ ...mine, subject: 'resident:li', residentId: 'li', candidates });
    expect((await merge(pendant(), li())).refused).toBe('wrong-state');
    expect((await merge(li(), pendant())).refused).toBe('wrong-state');
    expect((await merge(li(['wang', 'li']), pendant())).refused).toBeNull();
    expect((await merge(pendant(), li(['wang', 'li']))).refused).toBeNull();
    expect((await merge(pendant(), pendant())).refused).toBeNull();
  });

  test('with itself is a mistake, and a case that nobody sees is not there', async () => {
    const one = phone();
    expect((await actAmong([{ record: one }], into(one))).refused).toBe('bad-request');
    expect((await actAmong([{ record: one }], into(pendant()))).refused).toBe('not-found');
  });

  test('never puts somebody who is under way back', async () => {
    const going = openIncident({ ...mine, state: 'accepted', helperId: 'h1', toldIds: ['h1'] });
    expect((await merge(going, phone())).refused).toBe('wrong-state');
    expect((await merge(phone(), going)).records[1]).toMatchObject({ state: 'accepted', helperId: 'h1' });
  });

  test('cannot be undone by opening the empty case again', async () => {
    const merged = (await merge(phone(), pendant())).records[0];
    if (merged === undefined) throw new Error('not merged');
    expect((await actAmong([{ record: merged }], { name: 'reopen', body: {} })).refused).toBe('wrong-state');
  });
});
