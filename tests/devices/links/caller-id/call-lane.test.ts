import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { AlarmEvent } from '../../../../devices/event.ts';
import { createCallLane } from '../../../../devices/links/caller-id/call-lane.ts';
import type { Arrival } from '../../../../devices/links/ports.ts';

test('a line that tells no ends is not remembered call by call: only the last ones are waited for', async () => {
  const arrived: Arrival[] = [];
  const lane = createCallLane({
    name: 'line-1',
    book: {
      callerOf: (_line, number) => ({
        ...{ deviceId: `tel-${number}`, standing: 'unregistered', model: null, key: null },
        caller: { number, whose: 'unknown', residentIds: [], homeId: null },
      }),
    },
    lane: {
      accept: (arrival) => {
        arrived.push(arrival);
        return Promise.resolve({ id: 'e' } as AlarmEvent);
      },
    },
    contacts: { heard: () => undefined },
    clock: { nowMs: () => 0 },
    logger: pino({ level: 'silent' }),
  });
  for (let n = 0; n <= 100; n += 1) lane.tell({ call: 'ringing', number: String(n) }, new Uint8Array());
  lane.tell({ call: 'ended', number: '0' }, new Uint8Array());
  lane.tell({ call: 'ended', number: '1' }, new Uint8Array());
  await new Promise(setImmediate);
  expect(arrived).toHaveLength(101 + 1);
  expect(arrived.at(-1)).toMatchObject({ deviceId: 'tel-1', message: { call: 'ended' } });
});

test('a list of signs of life that fails costs no call its alarm, and nothing else on the line', async () => {
  const arrived: Arrival[] = [];
  const lane = createCallLane({
    name: 'line-1',
    book: {
      callerOf: (_line, number) => ({
        ...{ deviceId: 'phone-1', standing: 'verified', model: null, key: null },
        caller: { number, whose: 'device', residentIds: [], homeId: null },
      }),
    },
    lane: {
      accept: (arrival) => {
        arrived.push(arrival);
        return Promise.resolve({ id: 'e' } as AlarmEvent);
      },
    },
    contacts: {
      heard: () => {
        throw new Error('the list is broken');
      },
    },
    clock: { nowMs: () => 0 },
    logger: pino({ level: 'silent' }),
  });
  lane.tell({ call: 'ringing', number: '1' }, new Uint8Array());
  lane.tell({ call: 'ended', number: '1' }, new Uint8Array());
  await new Promise(setImmediate);
  expect(arrived.map(({ message }) => message.call)).toEqual(['ringing', 'ended']);
});
