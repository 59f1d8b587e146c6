import { pino } from 'pino';
import { expect, test } from 'vitest';
import { DEVICE_MODELS } from '../../../../devices/catalog/models.ts';
import type { AlarmEvent } from '../../../../devices/event.ts';
import type { Whole } from '../../../../devices/links/gsm/inbox.ts';
import { createMessageLane } from '../../../../devices/links/gsm/message-lane.ts';
import type { Arrival } from '../../../../devices/links/ports.ts';

test('a trace and a list of signs of life that fail leave a message that is durable durable', async () => {
  const arrived: Arrival[] = [];
  const fails = (): never => {
    throw new Error('the listener is broken');
  };
  const take = createMessageLane(
    {
      ...{ name: 'gsm-1', path: '/dev/modem', models: DEVICE_MODELS, awaited: () => null },
      book: {
        callerOf: (_line, number) => ({
          ...{ deviceId: 'watch-1', standing: 'verified', model: 'watch-sms', key: null },
          caller: { number, whose: 'device', residentIds: [], homeId: null },
        }),
      },
      contacts: { heard: fails },
      trace: { frame: fails },
      logger: pino({ level: 'silent' }),
    },
    {
      accept: (arrival) => {
        arrived.push(arrival);
        return Promise.resolve({ id: 'e' } as AlarmEvent);
      },
    },
  );
  await take(wholeOf('SOS'));
  expect(arrived).toHaveLength(1);
});

function wholeOf(text: string): Whole {
  const raw = new Uint8Array();
  return { id: 'm1', at: 0, number: '+8613800001111', isNamed: false, text, faults: [], raw, items: [] };
}
