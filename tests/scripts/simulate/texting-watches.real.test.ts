import { pino } from 'pino';
import { expect, test } from 'vitest';
import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import type { AlarmEvent } from '../../../devices/event.ts';
import { createGsmLink } from '../../../devices/links/gsm/gsm-link.ts';
import { systemClock } from '../../../gateway/clock.ts';
import { CHINA } from '../../../gateway/registry/phone-number.ts';
import { createSenders } from '../../../gateway/registry/senders.ts';
import { readSerialPorts } from '../../../gateway/serial/read-ports.ts';
import { planPorts } from '../../../scripts/simulate/serial-ports.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { ptyPair } from '../../harness/pty-pair.ts';
import { until } from '../../harness/until.ts';

const logger = pino({ level: 'silent' });

test('simulated watches write to one real modem', async (context) => {
  const { gatewayPath, devicePath } = await ptyPair(context);
  const came: string[] = [];
  const rows = { addresses: [], sessionKey: null };
  const link = createGsmLink({
    ...{ name: 'gsm', memory: 'SM', models: DEVICE_MODELS, clock: systemClock, logger },
    ...{ contacts: { heard: () => undefined }, awaited: () => null, onReceipt: () => undefined },
    port: { path: gatewayPath, baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
    book: createSenders({
      ...{ rows, device: () => undefined, residents: [], numbering: CHINA, nowMs: systemClock.nowMs },
    }),
    door: {
      accept: ({ caller, message }) => {
        came.push(`${caller?.number} ${message.type}`);
        return Promise.resolve({ id: 'e' } as AlarmEvent);
      },
    },
  });
  afterwards(() => link.stop());
  const planned = planPorts(readSerialPorts(`gsm:${devicePath}`).ports, 2);
  expect(planned.models).toEqual(['watch-sms', 'watch-sms']);
  const added = planned.models.map((model, index) => ({ id: `watch-${index}`, model }));
  const { devices, unplug } = await planned.plug(added, { clock: systemClock, logger });
  afterwards(unplug);
  await link.start();
  await Promise.all(devices.map((device, index) => device.press(index === 0 ? 'sos' : 'fall')));
  await until(() => came.length === 2, { timeoutMs: 60_000, what: 'both messages' });
  expect(came.toSorted((a, b) => a.localeCompare(b))).toEqual(['+8611000000000 sos', '+8611000000001 fall']);
});
