import { describe, expect, test } from 'vitest';
import { ACTION_BODIES, type ActionName } from '../../../../gateway/api/contract/actions.ts';
import { specOf } from '../../../../gateway/incidents/actions/table.ts';
import type { Command } from '../../../../gateway/incidents/command.ts';
import {
  colleague,
  HOUR,
  MINUTE,
  NOW,
  openIncident,
  operator,
  resolvedIncident,
  SECOND,
  supervisor,
} from '../build.ts';
import { done, linesOf, refusal } from './act.ts';

const mine = () => openIncident({ state: 'claimed', ownerId: operator.id, ringing: false, ladder: null });
const authority = (stage: 'called' | 'arrived' | 'took-over'): Command => ({
  name: 'authority',
  body: { service: '120', stage, ref: 'ZHANG-SAN 4711' },
});
const shelve = (minutes: number): Command => ({ name: 'shelve', body: { minutes } });

test('every action of the contract has its row', () => {
  for (const name of Object.keys(ACTION_BODIES) as ActionName[]) expect(specOf(name).event).toBeTypeOf('function');
});

describe('An authority', () => {
  test('that was called and came stands beside the state; one that took over is a state', () => {
    const called = done(mine(), authority('called')).incident;
    expect(called).toMatchObject({ state: 'claimed', authority: { service: '120', stage: 'called' } });
    expect(linesOf(mine(), authority('called'))).toEqual(['authority', 'authority-called']);
    const come = done(called, authority('arrived'), colleague).incident;
    expect(come).toMatchObject({ state: 'claimed', ownerId: 'u1', authority: { stage: 'arrived' } });
    const over = done(come, authority('took-over'));
    expect(over.incident).toMatchObject({ state: 'handed-over', authority: null, services: ['120'] });
    expect(over.plan.entries.map(({ type }) => type)).toEqual(['authority', 'handed-over']);
  });

  test('’s number of the case stands beside the log', () => {
    const { plan } = done(mine(), authority('called'));
    expect(plan.entries[0]).toMatchObject({ personal: { ref: 'ZHANG-SAN 4711' } });
    expect(JSON.stringify([plan.incidents, plan.entries.map(({ data }) => data)])).not.toContain('ZHANG');
  });
});

describe('Shelving', () => {
  test('is for half an hour at most while it is urgent, and for a day below', () => {
    const shelved = done(mine(), shelve(30)).incident;
    expect(shelved).toMatchObject({ state: 'shelved', shelvedUntil: NOW + SECOND + 30 * MINUTE });
    expect(refusal(mine(), shelve(31))).toBe('bad-request');
    const service = { ...openIncident({ type: 'service' }), ownerId: 'u1', state: 'claimed' } as const;
    expect(done(service, shelve(24 * 60)).incident.shelvedUntil).toBe(NOW + SECOND + 24 * HOUR);
  });

  test('of a colleague’s case is the supervisor’s', () => {
    expect(refusal(mine(), shelve(5), colleague)).toBe('claimed-by-other');
    expect(done(mine(), shelve(5), supervisor).incident.ownerId).toBe('u1');
  });
});

test('escalating rings at everybody, also on a colleague’s case, and takes nothing', () => {
  const { incident, plan } = done(mine(), { name: 'escalate', body: {} }, colleague);
  expect(incident).toMatchObject({ ownerId: 'u1', ringing: true, circles: ['operators', 'supervisors'] });
  expect(plan.entries.map(({ type }) => type)).toEqual(['escalate', 'rang']);
});

test('a follow-up comes after the end: a line of its own and a milestone, its words beside the log', () => {
  const command: Command = { name: 'follow-up', body: { text: 'ZHANG-SAN is well' } };
  const { incident, plan } = done(resolvedIncident(), command, colleague);
  expect(incident.state).toBe('resolved');
  expect(plan.entries).toMatchObject([
    { type: 'follow-up', data: {}, personal: { text: 'ZHANG-SAN is well' } },
    { type: 'followed-up' },
  ]);
  expect(refusal(mine(), command)).toBe('wrong-state');
});

test('a closing that names fewer presses than there are is refused: who closes has not seen the last', () => {
  const pressedAgain = { ...mine(), presses: 3 };
  const close = (presses: number): Command => ({
    name: 'resolve',
    body: { outcome: 'helped', contact: 'spoke-with-person', presses },
  });
  expect(refusal(pressedAgain, close(2))).toBe('wrong-state');
  expect(done(pressedAgain, close(3)).incident.state).toBe('resolved');
});
