import { describe, expect, test } from 'vitest';
import type { Command } from '../../../gateway/incidents/command.ts';
import { EMPTY_INDEX } from '../../../gateway/incidents/open-index.ts';
import { planCommand } from '../../../gateway/incidents/plan-command.ts';
import type { IncidentRecord } from '../../../gateway/incidents/record.ts';
import type { Performer } from '../../../gateway/incidents/performer.ts';
import { colleague, NOW, openIncident, operator, register, resolvedIncident, SECOND, supervisor } from './build.ts';

function act(incident: IncidentRecord, command: Command, actor: Performer = operator, pressesKnown = incident.presses) {
  const value = incident.state === 'resolved' ? EMPTY_INDEX : { open: [incident.id], last: null };
  const indexes = new Map([[incident.subject, { raw: JSON.stringify(value), value }]]);
  const around = { indexes, target: null, alarms: null, apart: null };
  return planCommand({ incident, around, command, actor, nowMs: NOW + SECOND, pressesKnown, register: register() });
}

function done(...args: Parameters<typeof act>) {
  const decision = act(...args);
  if (decision.kind !== 'done') throw new Error(`it was ${decision.kind}`);
  return decision;
}

function refusal(...args: Parameters<typeof act>): string {
  const decision = act(...args);
  return decision.kind === 'refused' ? decision.refusal.code : decision.kind;
}

const claim: Command = { name: 'claim', body: {} };
const note: Command = { name: 'note', body: { text: 'ZHANG-SAN says he fell' } };
const noAnswer: Command = { name: 'call', body: { number: '+8613800000000', result: 'no-answer' } };
const close: Command = {
  name: 'resolve',
  body: { outcome: 'helped', contact: 'spoke-with-person', text: 'ZHANG-SAN' },
};
const mine = () => openIncident({ state: 'claimed', ownerId: operator.id, ringing: false });

describe('Claiming', () => {
  test('makes the operator its owner and quiets it', () => {
    const { incident, plan } = done(openIncident(), claim);
    expect(incident).toMatchObject({ state: 'claimed', ownerId: 'u1', ringing: false, progressAt: NOW + SECOND });
    expect(plan.entries.map(({ type, actor }) => [type, actor])).toEqual([
      ['claim', 'user:u1'],
      ['claimed', 'user:u1'],
    ]);
  });

  test('twice changes nothing; the owner is a person, not a session', () => {
    expect(act(mine(), claim).kind).toBe('unchanged');
  });

  test('of a colleague’s case is refused, also to a supervisor', () => {
    expect(refusal(mine(), claim, colleague)).toBe('claimed-by-other');
    expect(refusal(mine(), claim, supervisor)).toBe('claimed-by-other');
  });

  test('of a closed case is refused, also to the one who had it', () => {
    expect(refusal(resolvedIncident({ ownerId: operator.id }), claim)).toBe('wrong-state');
  });
});

describe('Acting', () => {
  test.each([note, noAnswer, close])('on an unowned case claims it: $name', (command) => {
    const { incident, plan } = done(openIncident(), command);
    expect(incident.ownerId).toBe('u1');
    expect(plan.entries.map(({ type }) => type)).toContain('claimed');
  });

  test('a note on a colleague’s case is no progress and quiets nothing; a call is a logged step', () => {
    const ringing = openIncident({ state: 'claimed', ownerId: operator.id });
    expect(done(ringing, note, colleague).incident).toMatchObject({ ringing: true, progressAt: NOW, ownerId: 'u1' });
    expect(done(ringing, noAnswer, colleague).incident).toMatchObject({ ringing: false, progressAt: NOW + SECOND });
  });

  test('release is the owner’s or a supervisor’s, and it rings again', () => {
    const release: Command = { name: 'release', body: {} };
    expect(done(mine(), release).incident).toMatchObject({ state: 'open', ownerId: null, ringing: true });
    expect(done(mine(), release, supervisor).incident.ownerId).toBeNull();
    expect(refusal(mine(), release, colleague)).toBe('claimed-by-other');
    expect(refusal(openIncident(), release)).toBe('wrong-state');
  });
});

describe('Closing', () => {
  test('is the owner’s or a supervisor’s and takes it off the index', () => {
    const { incident, plan } = done(mine(), close);
    expect(incident).toMatchObject({ state: 'resolved', ringing: false, resolution: { by: 'user:u1' } });
    const index = JSON.parse(plan.guarded[0]?.becomes ?? '');
    expect(index).toEqual({
      open: [],
      last: { incidentId: incident.id, closedAt: NOW + SECOND, outcome: 'helped' },
    });
    expect(plan.entries.map(({ type }) => type)).toEqual(['resolve', 'voice', 'resolved']);
    expect(refusal(mine(), close, colleague)).toBe('claimed-by-other');
    expect(done(mine(), close, supervisor).incident.state).toBe('resolved');
  });

  test('is refused when the key was pressed again meanwhile', () => {
    expect(refusal({ ...mine(), presses: 3 }, close, operator, 2)).toBe('wrong-state');
  });

  test('twice is refused', () => {
    expect(refusal(resolvedIncident({ ownerId: operator.id }), close)).toBe('wrong-state');
  });

  test('without contact is refused whatever was logged before', () => {
    expect(refusal(mine(), { name: 'resolve', body: { outcome: 'false-alarm' } })).toBe('contact-needed');
    expect(refusal(mine(), { name: 'resolve', body: { outcome: 'other', contact: 'no-answer' } })).toBe(
      'contact-needed',
    );
    expect(
      refusal(mine(), { name: 'resolve', body: { outcome: 'other', contact: 'not-established', text: 'x' } }),
    ).toBe('forbidden');
  });

  test('can be undone: it rings again, owned by nobody, and stands in the index', () => {
    const closed = resolvedIncident({ ownerId: operator.id });
    const { incident, plan } = done(closed, { name: 'reopen', body: {} }, colleague);
    expect(incident).toMatchObject({ state: 'open', ownerId: null, ringing: true, resolution: null });
    expect(JSON.parse(plan.guarded[0]?.becomes ?? '')).toEqual({ open: [closed.id], last: null });
  });
});

describe('Milestones', () => {
  const painted: Command = {
    name: 'seen',
    body: { received: new Date(NOW).toISOString(), painted: '2026-11-21T02:13:00Z' },
  };

  test('`shown` is the first paint and stands once', () => {
    const { incident, plan } = done(openIncident(), painted);
    expect(plan.entries.map(({ type }) => type)).toEqual(['seen', 'shown']);
    expect(done(incident, painted).plan.entries.map(({ type }) => type)).toEqual(['seen']);
    const received: Command = { name: 'seen', body: { received: '2026-11-21T02:13:00Z' } };
    expect(done(openIncident(), received).plan.entries.map(({ type }) => type)).toEqual(['seen']);
  });

  test('seeing is no progress: it goes on ringing and its deadline stays', () => {
    expect(done(openIncident(), painted).incident).toMatchObject({ ringing: true, progressAt: NOW, state: 'open' });
  });

  test('`voice` is the first time somebody spoke, and a call without an answer is none', () => {
    const answered: Command = { name: 'call', body: { contactId: 'c1', result: 'answered' } };
    const { incident, plan } = done(mine(), answered);
    expect(plan.entries.map(({ type }) => type)).toEqual(['call', 'voice']);
    expect(done(incident, answered).plan.entries.map(({ type }) => type)).toEqual(['call']);
    expect(done(mine(), noAnswer).plan.entries.map(({ type }) => type)).toEqual(['call']);
    const spoke: Command = { name: 'contact', body: { kind: 'spoke-with-person' } };
    expect(done(mine(), spoke).plan.entries.map(({ type }) => type)).toContain('voice');
  });
});

test('what people say, names and numbers stand beside the log, never in it', () => {
  const commands: Command[] = [
    note,
    noAnswer,
    close,
    { name: 'contact', body: { kind: 'seen-by', text: 'ZHANG-SAN' } },
    { name: 'resolve', body: { outcome: 'helped', contact: 'seen-by', name: 'ZHANG-SAN' } },
    { name: 'seen', body: { received: 'ZHANG-SAN', painted: 'call +8613800000000' } },
  ];
  for (const command of commands) {
    const { plan } = done(mine(), command);
    const logged = JSON.stringify([plan.incidents, plan.guarded, plan.entries.map(({ personal: _, ...line }) => line)]);
    expect(logged).not.toContain('ZHANG-SAN');
    expect(logged).not.toContain('+86138');
  }
});
