import { AT_HOME } from '../../../../gateway/registry/calc-status.ts';
import { expect, test } from 'vitest';
import type { AlarmEvent, EventId } from '../../../../devices/event.ts';
import { calcFacts } from '../../../../gateway/incidents/facts.ts';
import { foldStranger, strangersKeyOf, type Strangers } from '../../../../gateway/incidents/dispatch/strangers.ts';

const MINUTE = 60_000;
const NOBODY = {
  deviceAt: () => undefined,
  statusOf: () => AT_HOME,
  home: () => undefined,
  resident: () => undefined,
  residentsOfHome: () => [],
};

function eventOf(deviceId: string, receivedAt: number, standing: AlarmEvent['standing'] = 'unregistered'): AlarmEvent {
  return {
    id: '01M801WG6P05D74AMB57EJNDGV' as EventId,
    deviceId,
    receivedAt,
    gatewayId: 'g',
    standing,
    source: { protocol: 'mqtt-json', peer: `198.51.100.7:${1024 + (receivedAt % 1000)}` },
    message: { kind: 'alarm', type: 'sos', faults: [] },
    raw: '',
  };
}

function foldOf(strangers: Strangers, name: string, receivedAt: number, hasOpenOfItsOwn = false) {
  const event = eventOf(name, receivedAt);
  const facts = calcFacts(event, 'sos', NOBODY);
  const held = { raw: JSON.stringify(strangers), value: strangers };
  const folded = foldStranger({ event, facts, key: 'k', strangers: held, hasOpenOfItsOwn });
  return { own: facts.subject, ...folded };
}

const five = (at: number): Strangers => ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, at }));

test('five unknown names of one address ring apart, the sixth in the case of the address', () => {
  const fifth = foldOf(five(0).slice(0, 4), 'e', MINUTE);
  expect(fifth.facts.subject).toBe(fifth.own);
  expect(JSON.parse(fifth.remember?.becomes ?? '')).toHaveLength(5);
  const sixth = foldOf(five(0), 'f', MINUTE);
  expect(sixth.facts.subject).toBe('quarantine:address:k');
  expect(sixth.remember).toBeNull();
});

test('a name that has a case of its own stays with it, whatever else comes from its address', () => {
  const known = foldOf(five(0), 'a', MINUTE);
  expect(known.facts.subject).toBe(known.own);
  const open = foldOf(five(0), 'z', MINUTE, true);
  expect(open.facts.subject).toBe(open.own);
});

test('after ten minutes names ring apart again', () => {
  const later = foldOf(five(0), 'f', 10 * MINUTE);
  expect(later.facts.subject).toBe(later.own);
  expect(JSON.parse(later.remember?.becomes ?? '')).toEqual([{ name: 'f', at: 10 * MINUTE }]);
});

test('names that the register knows never fold, nor does a verified device', () => {
  expect(strangersKeyOf(eventOf('a', 0, 'unverified'))).toBeNull();
  expect(strangersKeyOf(eventOf('a', 0, 'retired'))).toBeNull();
  expect(strangersKeyOf(eventOf('a', 0, 'verified'))).toBeNull();
  expect(strangersKeyOf(eventOf('a', 0))).toMatch(/^\{zj\}:strangers:/);
});

test('a sender that connects again from another port is the same sender', () => {
  expect(strangersKeyOf(eventOf('a', 1))).toBe(strangersKeyOf(eventOf('b', 2)));
});
