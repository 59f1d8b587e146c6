import { describe, expect, test } from 'vitest';
import { viewAlarm, viewEntry, viewIncident } from '../../../gateway/incidents/view.ts';
import { MINUTE, NOW, openIncident, pressed, resolvedIncident, SECOND } from './build.ts';

describe('An incident as the contract shows it', () => {
  test('has its next deadline with what happens then', () => {
    const view = viewIncident(
      openIncident({ state: 'claimed', ownerId: 'u1', ladder: null }),
      () => 'Li',
      () => NOW + 30 * SECOND,
    );
    expect(view).toMatchObject({
      state: 'claimed',
      openedAt: '2026-11-21T02:13:00.000Z',
      owner: { id: 'u1', name: 'Li' },
      leaseUntil: new Date(NOW + 30 * SECOND).toISOString(),
      next: { at: new Date(NOW + 60 * SECOND).toISOString(), step: 'ask-owner' },
    });
  });

  test('has none when it is resolved, and no lease', () => {
    const view = viewIncident(
      resolvedIncident({ ownerId: 'u1' }),
      () => undefined,
      () => NOW,
    );
    expect(view).toMatchObject({ next: null, leaseUntil: null });
  });

  test('of another version is shown without a deadline, instead of hiding it and every other one', () => {
    const view = (changes: object) =>
      viewIncident(
        { ...openIncident({ ladder: null }), ...changes },
        () => undefined,
        () => null,
      );
    expect(view({ state: 'of-a-newer-version' })).toMatchObject({ state: 'of-a-newer-version', next: null });
    expect(view({ priority: 9 })).toMatchObject({ priority: 9, next: null });
    expect(view({}).next).not.toBeNull();
  });

  test('has no lease where nobody has it', () => {
    expect(
      viewIncident(
        openIncident({}),
        () => undefined,
        () => NOW,
      ).leaseUntil,
    ).toBeNull();
  });

  test('shows an owner whom the register does not know by the id', () => {
    const view = viewIncident(
      openIncident({ state: 'claimed', ownerId: 'u1', ladder: null }),
      () => undefined,
      () => null,
    );
    expect(view.owner).toEqual({ id: 'u1', name: 'u1' });
  });
});

describe('A line of the log', () => {
  const entry = { id: '1-0', incidentId: 'inc-1', type: 'note', actor: 'user:u1', at: NOW, data: { kind: 'x' } };

  test('has what was said beside its codes', () => {
    expect(viewEntry({ ...entry, ref: 'r', hash: 'h', said: { text: 'hello' } }, () => 'Lin')).toEqual({
      id: '1-0',
      at: '2026-11-21T02:13:00.000Z',
      type: 'note',
      actor: 'user:u1',
      actorName: 'Lin',
      data: { kind: 'x', text: 'hello' },
    });
  });

  test('says that it was erased', () => {
    expect(viewEntry({ ...entry, ref: 'r', hash: 'h', said: { erased: true } }, () => undefined).data).toEqual({
      kind: 'x',
      erased: true,
    });
  });
});

describe('An alarm', () => {
  test('shows the device’s own time and what is wrong with it', () => {
    const view = viewAlarm(pressed({ standing: 'unverified', message: { at: NOW - 6 * MINUTE, text: 'help' } }));
    expect(view).toMatchObject({ at: '2026-11-21T02:07:00.000Z', flags: ['unverified', 'late'], text: 'help' });
  });

  test.each([Number.MAX_VALUE, -Number.MAX_VALUE, 8.64e15 + 1])('has no time where a date cannot hold it: %d', (at) => {
    expect(viewAlarm(pressed({ message: { at } }))).toMatchObject({ at: null, flags: ['clock'] });
  });

  test('is what the device said: a cancel is a cancel, and of what it speaks stands beside it', () => {
    expect(viewAlarm(pressed({}))).toMatchObject({ type: 'sos', kind: 'alarm', of: null });
    const cancel = viewAlarm(pressed({ message: { kind: 'cancel', type: 'sos' } }));
    expect(cancel).toMatchObject({ type: 'cancel', kind: 'cancel', of: 'sos' });
    const bare = viewAlarm(pressed({ message: { kind: 'restored', type: 'unknown' } }));
    expect(bare).toMatchObject({ type: 'restored', kind: 'restored', of: null });
  });

  test('has its place with the time as all times are told, and null for what was not told', () => {
    const location = { lat: 30.03, lon: 121.15, at: NOW } as const;
    expect(viewAlarm(pressed({ message: { location } })).location).toEqual({
      lat: 30.03,
      lon: 121.15,
      accuracyM: null,
      at: '2026-11-21T02:13:00.000Z',
      source: null,
      datum: null,
    });
  });

  test('names who sent it in another’s name', () => {
    expect(viewAlarm(pressed({})).publisher).toBeNull();
    const source = { protocol: 'mqtt-json', peer: '127.0.0.1:1', publisher: 'pendant-9' } as const;
    expect(viewAlarm(pressed({ standing: 'unverified', source })).publisher).toBe('pendant-9');
  });

  test('is marked as its case is where its time cannot be read', () => {
    const faults = [{ code: 'bad-field', path: '/at' }] as const;
    expect(viewAlarm(pressed({ message: { faults } })).flags).toEqual(['clock']);
  });

  test('says who told of it, where a person opened the case', () => {
    expect(viewAlarm(pressed({})).byHand).toBeNull();
    const told = { actor: 'user:u1', source: 'phone', callerNumber: '+8613900000000' } as const;
    const byNumber = viewAlarm(pressed({ deviceId: null, byHand: told }));
    expect(byNumber.byHand).toEqual({ source: 'phone', callerNumber: '+8613900000000' });
    const bare = viewAlarm(pressed({ deviceId: null, byHand: { actor: 'user:u1', source: 'visit' } }));
    expect(bare.byHand).toEqual({ source: 'visit', callerNumber: null });
  });
});
