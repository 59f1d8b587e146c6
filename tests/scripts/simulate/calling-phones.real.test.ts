import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { AlarmEvent } from '../../../devices/event.ts';
import { createCallerIdLink } from '../../../devices/links/caller-id/caller-id-link.ts';
import { systemClock } from '../../../gateway/clock.ts';
import { CHINA } from '../../../gateway/registry/phone-number.ts';
import { createSenders } from '../../../gateway/registry/senders.ts';
import { readSerialPorts } from '../../../gateway/serial/read-ports.ts';
import { planPorts } from '../../../scripts/simulate/serial-ports.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { ptyPair } from '../../harness/pty-pair.ts';
import { until } from '../../harness/until.ts';

const logger = pino({ level: 'silent' });

test('simulated phones call one after the other over one real line', async (context) => {
  const { gatewayPath, devicePath } = await ptyPair(context);
  const numbers: string[] = [];
  const rows = { addresses: [], sessionKey: null };
  const link = createCallerIdLink({
    ...{ name: 'front', dialect: 'modem', clock: systemClock, logger, contacts: { heard: () => undefined } },
    port: { path: gatewayPath, baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
    book: createSenders({
      ...{ rows, device: () => undefined, residents: [], numbering: CHINA, nowMs: systemClock.nowMs },
    }),
    door: {
      accept: ({ caller, message }) => {
        const number = caller?.number ?? null;
        if (message.call === 'ringing' && number !== null) numbers.push(number);
        return Promise.resolve({ id: 'e' } as AlarmEvent);
      },
    },
  });
  afterwards(() => link.stop());
  const planned = planPorts(readSerialPorts(`caller-id:${devicePath}`).ports, 2);
  expect(planned.models).toEqual(['landline-one-touch', 'landline-one-touch']);
  expect([0, 1].map((index) => planned.addressOf(index))).toEqual([
    { number: '057700000000' },
    { number: '057700000001' },
  ]);
  const added = planned.models.map((model, index) => ({ id: `phone-${index}`, model }));
  const { devices, unplug } = await planned.plug(added, { clock: systemClock, logger });
  afterwards(unplug);
  await link.start();
  await until(() => link.health().detail.includes('ready'), { timeoutMs: 30_000, what: 'the modem' });
  const presses = devices.map((device) => device.press());
  await until(() => numbers.length === 2, {
    timeoutMs: 60_000,
    what: 'both calls',
  });
  expect(numbers).toEqual(['+8657700000000', '+8657700000001']);
  await unplug();
  await Promise.allSettled(presses);
});
