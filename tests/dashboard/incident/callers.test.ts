import { describe, expect, test } from 'vitest';
import { planAdvice } from '../../../dashboard/incident/advice.ts';
import { findByNumber, listCallers, listWriters, withCallers } from '../../../dashboard/incident/callers.ts';
import { listTargets } from '../../../dashboard/incident/targets.ts';
import { calcPersonBehind, calcWho, planLookups } from '../../../dashboard/register/who.ts';
import type { IncidentAlarm } from '../../../gateway/api/contract/incident.ts';
import { buildDirectory } from '../../../gateway/registry/build-directory.ts';
import { CHINA } from '../../../gateway/registry/phone-number.ts';
import { EMPTY_ROWS } from '../../../gateway/registry/rows.ts';
import { buildContact, buildIncident, buildResident, T0 } from '../build-incident.ts';

const MOBILE = '+8613800000001';
const son = buildContact({ id: 'son', number: MOBILE, name: 'Son' });
const targets = listTargets([buildResident({ contacts: [son] })]);

function alarm(
  atMs: number,
  call: IncidentAlarm['call'],
  number: string | null,
  whose: NonNullable<IncidentAlarm['caller']>['whose'] = number === null ? 'withheld' : 'unknown',
) {
  const kind = call === 'ringing' || call === null ? 'alarm' : 'call';
  const caller = call === null ? null : { number, whose };
  return { kind, call, caller, receivedAt: new Date(T0 + atMs).toISOString() } as IncidentAlarm;
}

describe('Who rang', () => {
  test('is told with how their last call stands, the last caller first', () => {
    const alarms = [
      alarm(0, null, null),
      alarm(1000, 'ringing', MOBILE),
      alarm(2000, 'missed', MOBILE),
      alarm(3000, 'ringing', null),
      alarm(4000, 'ringing', MOBILE),
    ];
    expect(listCallers(alarms)).toEqual([
      { number: MOBILE, whose: 'unknown', state: 'ringing', atMs: T0 + 4000, calls: 2 },
      { number: null, whose: 'withheld', state: 'ringing', atMs: T0 + 3000, calls: 1 },
    ]);
    expect(listCallers([alarm(0, null, null)])).toEqual([]);
  });

  test('is called back first where their number stands nowhere else, and keeps their name where it does', () => {
    const local = listCallers([alarm(0, 'missed', '62345678'), alarm(1, 'ringing', MOBILE), alarm(2, 'ringing', null)]);
    const all = withCallers(targets, local);
    expect(all.map(({ key }) => key)).toEqual(['caller:62345678', ...targets.map(({ key }) => key)]);
    expect(findByNumber(all, MOBILE)?.name).toBe('Son');
    expect(findByNumber(all, '62345678')).toBeNull();
    expect(findByNumber(all, null)).toBeNull();
    const incident = buildIncident({ state: 'claimed', ringing: false, residentId: null, types: ['call'] });
    const asked = { incident, holder: { kind: 'me' }, calls: new Map(), contact: null, address: null } as const;
    const advice = planAdvice({ ...asked, targets: withCallers([], local), nowMs: T0 });
    expect(advice.map(({ code, params }) => [code, params['number'] ?? ''])).toEqual([
      ['call-back', '+86 138 0000 0001'],
      ['ask-caller', ''],
    ]);
  });

  test('is answered while they ring, and called back after', () => {
    const callers = listCallers([alarm(0, 'ringing', MOBILE)]);
    const incident = buildIncident({ state: 'claimed', ringing: false, residentId: null, types: ['call'] });
    const asked = { incident, holder: { kind: 'me' }, calls: new Map(), contact: null, address: null } as const;
    const at = (nowMs: number) =>
      planAdvice({ ...asked, callers, targets: withCallers([], callers), nowMs }).map(({ code }) => code);
    expect(at(T0 + 5000)).toEqual(['answer-call', 'ask-caller']);
    // A line that tells no end does not ring for ever.
    expect(at(T0 + 120_000)).toEqual(['call-back', 'ask-caller']);
  });

  test('is no device: nothing is looked up under the name that is made of a number', () => {
    const register = { get: () => ({ state: 'loading' }) as const };
    const call = buildIncident({ residentId: null, homeId: null, deviceId: 'tel-0', type: 'call', types: ['call'] });
    expect(calcWho(call, register)).toEqual({ kind: 'caller' });
    expect(planLookups(call, register)).toEqual([]);
    const joined = { ...call, type: 'sos' as const, types: ['call' as const, 'sos' as const] };
    expect(calcWho(joined, register)).toEqual({ kind: 'caller' });
    const sos = { ...call, type: 'sos' as const, types: ['sos' as const, 'call' as const], deviceId: 'phone-1' };
    expect(calcWho(sos, register)).toEqual({ kind: 'device', deviceId: 'phone-1' });
  });
});

describe('Who wrote an SMS', () => {
  const wrote = (number: string | null, whose: NonNullable<IncidentAlarm['caller']>['whose'] = 'unknown') =>
    ({ kind: 'alarm', call: null, caller: { number, whose }, receivedAt: new Date(T0).toISOString() }) as IncidentAlarm;

  test('is to be called back, and no device is looked for under the name that is made of their number', () => {
    const writers = listWriters([wrote('+8613800000009'), wrote(MOBILE), wrote('10086'), wrote(null, 'withheld')]);
    expect(writers.map(({ number }) => number)).toEqual([MOBILE, '+8613800000009']);
    const named = { residentId: null, homeId: null, deviceId: 'tel-2d78799c3f89c38e' };
    const incident = buildIncident({ ...named, state: 'claimed', ringing: false, type: 'fall', types: ['fall'] });
    const asked = { incident, holder: { kind: 'me' }, calls: new Map(), contact: null, address: null } as const;
    const advice = planAdvice({ ...asked, targets: withCallers([], writers), nowMs: T0 });
    expect(advice.map(({ code, params }) => [code, params['number'] ?? ''])).toEqual([
      ['call-back', '+86 138 0000 0001'],
      ['ask-writer', ''],
    ]);
    const register = { get: () => ({ state: 'loading' }) as const };
    expect(calcWho(incident, register)).toEqual({ kind: 'writer' });
    expect(planLookups(incident, register)).toEqual([]);
  });

  test('is not to be asked where their number takes no call', () => {
    const named = { residentId: null, homeId: null, deviceId: 'tel-2d78799c3f89c38e' };
    const incident = buildIncident({ ...named, state: 'claimed', ringing: false, type: 'service', types: ['service'] });
    const asked = { incident, holder: { kind: 'me' }, calls: new Map(), contact: null, address: null } as const;
    const advice = planAdvice({ ...asked, targets: withCallers([], listWriters([wrote('10086')])), nowMs: T0 });
    expect(advice.map(({ code }) => code)).toEqual(['read-note']);
  });

  test('is offered once where they rang as well, and by their name where they are known', () => {
    const rang = listCallers([alarm(0, 'missed', '62345678')]);
    const all = withCallers(targets, [...rang, ...listWriters([wrote('62345678'), wrote(MOBILE, 'contact')])]);
    expect(all.map(({ key }) => key)).toEqual(['caller:62345678', ...targets.map(({ key }) => key)]);
  });

  test('is told apart from a device by a name that the gateway gives to numbers alone', () => {
    const directory = buildDirectory({ ...EMPTY_ROWS, sessionKey: 'c2Vzc2lvbg' }, { numbering: CHINA, nowMs: () => 1 });
    const { deviceId } = directory.callerOf('gsm-1', '+8613800000009');
    expect(calcPersonBehind({ types: ['sos'], deviceId })).toBe('writer');
    for (const other of ['tel-phone', 'dc09-77AB01', null]) {
      expect(calcPersonBehind({ types: ['sos'], deviceId: other })).toBeNull();
    }
  });
});
