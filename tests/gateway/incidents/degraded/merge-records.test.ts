import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeRecords, type MergeInput } from '../../../../gateway/incidents/degraded/merge-records.ts';
import { isOpen, type IncidentRecord } from '../../../../gateway/incidents/record.ts';
import { MINUTE, NOW, openIncident, resolvedIncident, SECOND } from '../build.ts';

const base = openIncident();
const owned = (by: string, changes: Partial<IncidentRecord> = {}): IncidentRecord => ({
  ...base,
  state: 'claimed',
  ownerId: by,
  ringing: false,
  circles: [],
  ladder: null,
  version: 2,
  ...changes,
});
const closed = (changes: Partial<IncidentRecord> = {}): IncidentRecord => ({
  ...base,
  ringing: false,
  resolution: resolvedIncident().resolution,
  version: 3,
  ...changes,
  id: base.id,
  state: 'resolved',
});

function merge(input: Partial<MergeInput> & Pick<MergeInput, 'local' | 'remote'>) {
  return mergeRecords({ localClaimedAt: null, remoteClaimedAt: null, nowMs: NOW + MINUTE, ...input });
}

describe('Two who claimed while they did not hear each other', () => {
  test.each([
    ['here first', NOW + SECOND, NOW + 2 * SECOND, 'here', 'there'],
    ['there first', NOW + 2 * SECOND, NOW + SECOND, 'there', 'here'],
  ])('%s: the earlier has it, the other is told', (_name, localClaimedAt, remoteClaimedAt, winner, loser) => {
    // The version does not count for claims.
    const local = owned('here', { version: winner === 'here' ? 2 : 9 });
    const remote = owned('there', { version: winner === 'here' ? 9 : 2 });
    const { record, lost } = merge({ local, remote, localClaimedAt, remoteClaimedAt });
    expect(record).toMatchObject({ ownerId: winner, state: 'claimed', version: 10 });
    expect(lost).toEqual({ userId: loser, reason: 'claimed-by-other' });
  });

  test('where only one side has an owner, that one stays', () => {
    const ringing = { ...base, version: 8 };
    expect(merge({ local: owned('here'), remote: ringing }).record.ownerId).toBe('here');
    expect(merge({ local: ringing, remote: owned('there') }).record.ownerId).toBe('there');
  });
});

describe('A closing', () => {
  test('of either side stands, and whoever still had the case is told', () => {
    const here = merge({ local: closed(), remote: owned('there') });
    expect(here.record).toMatchObject({ state: 'resolved', version: 4, resolution: { outcome: 'helped' } });
    expect(here.lost).toEqual({ userId: 'there', reason: 'resolved-by-other' });
    const there = merge({ local: owned('here'), remote: closed() });
    expect(there.record.state).toBe('resolved');
    expect(there.lost).toEqual({ userId: 'here', reason: 'resolved-by-other' });
  });

  test('does not stand where the other side was pressed meanwhile: it rings', () => {
    const { record, isOpenAgain } = merge({ local: closed({ presses: 1 }), remote: owned('there', { presses: 2 }) });
    expect(record).toMatchObject({ state: 'claimed', ownerId: 'there', presses: 2, ringing: true });
    expect(isOpenAgain).toBe(true);
  });
});

test('a press of the other side rings at whoever goes on with the case', () => {
  const { record } = merge({ local: owned('here', { version: 5 }), remote: { ...base, presses: 2 } });
  expect(record).toMatchObject({ ownerId: 'here', presses: 2, ringing: true, rangAt: record.updatedAt });
  expect(record.circles).toContain('owner');
});

describe('What one side did for a person', () => {
  const call = { service: '120', stage: 'called', at: NOW + SECOND } as const;

  test('stands also where the other side claimed first: who was sent is on the way, who was called is coming', () => {
    const gone = { state: 'accepted', helperId: 'h1', promisedAt: NOW + 9 * MINUTE, authority: call } as const;
    for (const [local, remote] of [
      [owned('here', gone), owned('there')],
      [owned('there'), owned('here', gone)],
    ] as const) {
      const at = (side: IncidentRecord): number => (side.ownerId === 'there' ? NOW : NOW + SECOND);
      const { record, lost } = merge({ local, remote, localClaimedAt: at(local), remoteClaimedAt: at(remote) });
      expect(record).toMatchObject({ ...gone, ownerId: 'there' });
      expect(lost?.userId).toBe('here');
    }
  });

  test('is not put off by a shelf of the other side, and a press takes it off', () => {
    const shelf = owned('here', { state: 'shelved', shelvedUntil: NOW + 20 * MINUTE, version: 7 });
    const worked = merge({ local: shelf, remote: owned('there'), localClaimedAt: NOW, remoteClaimedAt: NOW + SECOND });
    expect(worked.record).toMatchObject({ state: 'claimed', ownerId: 'here', shelvedUntil: null });
    const { record } = merge({ local: shelf, remote: { ...base, presses: 2 } });
    expect(record).toMatchObject({ state: 'claimed', ringing: true, shelvedUntil: null });
    expect(merge({ local: shelf, remote: base }).record.state).toBe('shelved');
  });

  test('ends the ring of a deadline that did not know of it, not that of a press', () => {
    const rung = { ringing: true, circles: ['owner', 'operators'], asked: 'colleagues', version: 9 } as const;
    const calm = { ringing: false, circles: [], asked: 'nobody', ownerId: 'a' };
    expect(merge({ local: owned('a'), remote: owned('a', rung) }).record).toMatchObject(calm);
    expect(merge({ local: owned('a', rung), remote: owned('a') }).record).toMatchObject(calm);
    expect(merge({ local: owned('a', rung), remote: owned('a', { presses: 2 }) }).record).toMatchObject(calm);
    expect(merge({ local: owned('a'), remote: owned('a', { ...rung, presses: 2 }) }).record.ringing).toBe(true);
    expect(merge({ local: owned('a', rung), remote: owned('a', rung) }).record.ringing).toBe(true);
  });
});

test('whoever was named here finds the case, unless the other side knows another', () => {
  const named = { subject: 'resident:wang', residentId: 'wang', alsoAmong: ['device:phone'], wasIdentified: true };
  const unnamed = owned('a', { subject: 'device:phone', version: 9 });
  expect(merge({ local: owned('a', named), remote: unnamed }).record).toMatchObject({
    ...{ subject: 'device:phone', alsoAmong: ['resident:wang'], residentId: 'wang' },
  });
  const other = owned('a', { ...named, subject: 'resident:li', residentId: 'li' });
  expect(merge({ local: owned('a', named), remote: other }).record).toMatchObject({
    ...{ subject: 'resident:li', alsoAmong: ['device:phone'], residentId: 'li' },
  });
});

test('a helper who is on the way by either side is not forgotten', () => {
  const going = owned('a', { state: 'accepted', helperId: 'h1', promisedAt: NOW + MINUTE });
  const takenOver = owned('a', { state: 'handed-over', version: 9 });
  for (const sides of [
    { local: going, remote: takenOver },
    { local: takenOver, remote: going },
  ]) {
    expect(merge(sides).record).toMatchObject({ state: 'handed-over', helperId: 'h1', promisedAt: NOW + MINUTE });
  }
});

test('nothing becomes less urgent, nothing is forgotten, and both sides come to the same version', () => {
  const any = fc.record({
    version: fc.integer({ min: 1, max: 9 }),
    priority: fc.constantFrom<1 | 2 | 3>(1, 2, 3),
    presses: fc.integer({ min: 1, max: 4 }),
    ownerId: fc.constantFrom(null, 'a', 'b'),
    isForAll: fc.boolean(),
    flags: fc.subarray(['degraded', 'late', 'clock'] as const),
    isClosed: fc.boolean(),
    shownAt: fc.constantFrom(null, NOW, NOW + 5),
  });
  fc.assert(
    fc.property(any, any, (a, b) => {
      const [local, remote] = [a, b].map(({ isClosed, ...fields }): IncidentRecord => {
        return isClosed ? closed(fields) : { ...(fields.ownerId === null ? base : owned('x')), ...fields };
      });
      if (local === undefined || remote === undefined) throw new Error('two sides');
      const { record, isOpenAgain } = merge({ local, remote });
      expect(record.id).toBe(remote.id);
      expect(record.version).toBe(Math.max(a.version, b.version) + 1);
      expect(record.priority).toBe(Math.min(a.priority, b.priority));
      expect(record.presses).toBe(b.presses);
      expect(record.isForAll).toBe(a.isForAll || b.isForAll);
      expect(record.flags).toEqual(expect.arrayContaining([...a.flags, ...b.flags]));
      expect(record.updatedAt).toBeGreaterThan(Math.max(local.updatedAt, remote.updatedAt));
      if (a.shownAt !== null && b.shownAt !== null) expect(record.shownAt).toBe(Math.min(a.shownAt, b.shownAt));
      // Open where both are, or where a closing could not know of a press.
      expect(isOpen(record)).toBe((!a.isClosed && !b.isClosed) || isOpenAgain);
      expect(isOpenAgain).toBe(a.isClosed && !b.isClosed && b.presses > a.presses);
      if (isOpen(record) && b.presses > a.presses && record.ownerId !== remote.ownerId)
        expect(record.ringing).toBe(true);
    }),
  );
});
