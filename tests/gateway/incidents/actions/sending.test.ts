import { describe, expect, test } from 'vitest';
import type { Command } from '../../../../gateway/incidents/command.ts';
import type { Performer } from '../../../../gateway/incidents/performer.ts';
import { colleague, helper, MINUTE, NOW, openIncident, operator, resolvedIncident, SECOND } from '../build.ts';
import { done, linesOf, refusal } from './act.ts';

const dispatch: Command = { name: 'dispatch', body: { helperId: 'h1' } };
const accept: Command = { name: 'accept', body: {} };
const decline: Command = { name: 'decline', body: { reason: 'my ZHANG-SAN is ill' } };
const arrive: Command = { name: 'arrive', body: {} };
const withPerson: Command = { name: 'with-person', body: {} };
const noAccess: Command = { name: 'no-access', body: {} };
const second: Performer = { ...helper, id: 'h2', tag: 'user:h2' };

const mine = () => openIncident({ state: 'claimed', ownerId: operator.id, ringing: false, ladder: null });
const sent = () => done(mine(), dispatch).incident;
const going = () => done(sent(), accept, helper).incident;

describe('Sending a helper', () => {
  test('tells the helper by the same plan, and claims what nobody has', () => {
    const { incident, plan } = done(openIncident(), dispatch);
    expect(incident).toMatchObject({ state: 'dispatched', ownerId: 'u1', helperId: 'h1', toldIds: ['h1'] });
    expect(plan.notifications).toEqual([
      {
        id: `${incident.id}:2:user:h1`,
        incidentId: incident.id,
        to: { kind: 'user', id: 'h1' },
        reason: 'dispatch',
        step: 'dispatch',
        at: NOW + SECOND,
      },
    ]);
    expect(plan.entries.map(({ type }) => type)).toEqual(['dispatch', 'claimed', 'dispatched']);
  });

  test('by a colleague is progress and takes nothing from the owner', () => {
    expect(done(mine(), dispatch, colleague).incident).toMatchObject({ ownerId: 'u1', progressAt: NOW + SECOND });
  });

  test('goes to a helper of the register and to nobody else', () => {
    expect(refusal(mine(), { name: 'dispatch', body: { helperId: 'u2' } })).toBe('bad-request');
    expect(refusal(mine(), { name: 'dispatch', body: { helperId: 'nobody' } })).toBe('bad-request');
    expect(refusal(resolvedIncident(), dispatch)).toBe('wrong-state');
  });
});

describe('A helper', () => {
  test('who was sent accepts, with ten minutes unless said otherwise, and never becomes the owner', () => {
    const { incident } = done(sent(), accept, helper);
    expect(incident).toMatchObject({ state: 'accepted', ownerId: 'u1', promisedAt: NOW + SECOND + 10 * MINUTE });
    expect(linesOf(sent(), accept, helper)).toEqual(['accept', 'accepted']);
    const soon = done(sent(), { name: 'accept', body: { minutes: 4 } }, helper).incident;
    expect(soon.promisedAt).toBe(NOW + SECOND + 4 * MINUTE);
  });

  test('who was told by the ladder accepts a case that nobody has: consoles ring on, nobody has spoken with her', () => {
    const told = openIncident({ toldIds: ['h1', 'h2'] });
    const { incident } = done(told, accept, helper);
    expect(incident).toMatchObject({ state: 'accepted', ownerId: null, helperId: 'h1', ringing: true });
    expect(incident.ladder).not.toBeNull();
    expect(done(incident, withPerson, helper).incident).toMatchObject({ ringing: false, ownerId: null });
  });

  test('who was neither sent nor told may do nothing', () => {
    for (const command of [accept, decline, arrive, withPerson, noAccess]) {
      expect(refusal(mine(), command, helper)).toBe('forbidden');
    }
  });

  test('does none of an operator’s work', () => {
    const commands: Command[] = [
      { name: 'claim', body: {} },
      { name: 'note', body: { text: 'x' } },
      { name: 'escalate', body: {} },
      { name: 'shelve', body: { minutes: 1 } },
      { name: 'resolve', body: { outcome: 'helped', contact: 'spoke-with-person' } },
      { name: 'authority', body: { service: '120', stage: 'called' } },
      dispatch,
    ];
    for (const command of commands) expect(refusal(sent(), command, helper)).toBe('forbidden');
  });

  test('who is second to accept is told that somebody goes; in place of one who has not answered they go', () => {
    expect(refusal({ ...going(), toldIds: ['h1', 'h2'] }, accept, second)).toBe('claimed-by-other');
    expect(done({ ...sent(), toldIds: ['h1', 'h2'] }, accept, second).incident.helperId).toBe('h2');
    expect(refusal(done(going(), arrive, helper).incident, accept, helper)).toBe('wrong-state');
  });

  test('who declines rings the owner at once; what they say stands beside the log', () => {
    const { incident, plan } = done(sent(), decline, helper);
    expect(incident).toMatchObject({ state: 'claimed', helperId: null, ringing: true });
    expect(plan.entries[0]).toMatchObject({ type: 'decline', data: {}, personal: { reason: 'my ZHANG-SAN is ill' } });
    expect(plan.entries.map(({ type }) => type)).toContain('rang');
  });

  test('who declines while another is on the way changes nothing but the log', () => {
    const onTheWay = { ...going(), toldIds: ['h1', 'h2'] };
    expect(done(onTheWay, decline, second).incident).toMatchObject({ state: 'accepted', helperId: 'h1' });
    expect(done(openIncident({ toldIds: ['h2'] }), decline, second).incident).toMatchObject({
      state: 'open',
      ringing: true,
    });
    expect(refusal(mine(), decline)).toBe('wrong-state');
  });

  test('is at the door, then with her; each is a milestone once', () => {
    const there = done(going(), arrive, helper).incident;
    expect(there.state).toBe('arrived');
    expect(linesOf(going(), arrive, helper)).toEqual(['arrive', 'arrived']);
    expect(done(there, withPerson, helper).incident).toMatchObject({ state: 'with-person', ownerId: 'u1' });
    expect(linesOf(there, withPerson, helper)).toEqual(['with-person']);
  });

  test('who cannot get in rings everybody and the plan begins again', () => {
    const there = done(going(), arrive, helper).incident;
    const { incident, plan } = done(there, noAccess, helper);
    expect(incident).toMatchObject({ state: 'arrived', ringing: true, circles: ['operators', 'supervisors'] });
    expect(incident.ladder).not.toBeNull();
    expect(plan.entries.map(({ type }) => type)).toEqual(['no-access', 'rang']);
  });
});
