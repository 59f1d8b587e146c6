import { describe, expect, test } from 'vitest';
import type { Command } from '../../../../gateway/incidents/command.ts';
import { colleague, openIncident, operator, resolvedIncident, supervisor } from '../build.ts';
import { act, done, linesOf, refusal } from './act.ts';

const claim: Command = { name: 'claim', body: {} };
const to = (id: string): Command => ({ name: 'handover', body: { to: id } });
const mine = () => openIncident({ state: 'claimed', ownerId: operator.id, claimedAt: 1, ringing: false });

describe('A hand-over', () => {
  test('leaves the case with its owner until the other claims it, and rings at the other', () => {
    const offered = done(mine(), to('u2')).incident;
    expect(offered).toMatchObject({ ownerId: 'u1', handoverTo: 'u2', ringing: true, circles: ['handover'] });
    const taken = done(offered, claim, colleague);
    expect(taken.incident).toMatchObject({ ownerId: 'u2', handoverTo: null, ringing: false });
    expect(taken.plan.entries.map(({ type, data }) => [type, data])).toEqual([
      ['claim', {}],
      ['claimed', { from: 'u1', again: true }],
    ]);
  });

  test('is taken by nobody else', () => {
    expect(refusal(done(mine(), to('u2')).incident, claim, supervisor)).toBe('claimed-by-other');
  });

  test('goes only to somebody else who works on cases there', () => {
    const there = { ...mine(), region: 'yuyao/lanjiang', isForAll: false };
    for (const id of ['u1', 'h1', 'nobody', 'u3']) expect(refusal(there, to(id))).toBe('bad-request');
    expect(act(there, to('u2')).kind).toBe('done');
    expect(act({ ...there, isForAll: true }, to('u3')).kind).toBe('done');
  });

  test('is the owner’s or a supervisor’s', () => {
    expect(refusal(mine(), to('u9'), colleague)).toBe('claimed-by-other');
    expect(done(mine(), to('u2'), supervisor).incident).toMatchObject({ ownerId: 'u1', handoverTo: 'u2' });
    expect(refusal(resolvedIncident(), to('u2'))).toBe('wrong-state');
  });

  test('of a case that nobody has claims it first', () => {
    expect(done(openIncident(), to('u2')).incident).toMatchObject({ ownerId: 'u1', handoverTo: 'u2' });
  });
});

test('`claimed` is marked as told before from the second time on', () => {
  const released = done(mine(), { name: 'release', body: {} }).incident;
  expect(linesOf(openIncident(), claim)).toEqual(['claim', 'claimed']);
  expect(done(released, claim, colleague).plan.entries[1]).toMatchObject({ type: 'claimed', data: { again: true } });
  expect(done(openIncident(), claim).plan.entries[1]?.data).toEqual({});
});
