import { pino } from 'pino';
import type { TestContext } from 'vitest';
import { DEVICE_MODELS } from '../../../../devices/catalog/models.ts';
import type { AlarmEvent, Caller } from '../../../../devices/event.ts';
import { createGsmLink } from '../../../../devices/links/gsm/gsm-link.ts';
import type { GsmLimits } from '../../../../devices/links/gsm/limits.ts';
import type { Arrival, NumberBook } from '../../../../devices/links/ports.ts';
import { createGsmModem } from '../../../../devices/simulator/gsm-modem.ts';
import { afterwards } from '../../../harness/cleanup.ts';
import { ptyPair } from '../../../harness/pty-pair.ts';
import { until } from '../../../harness/until.ts';

export const WATCH = '+8613800001111';
export const DAUGHTER = '+8613900002222';
export const STRANGER = '+8613700003333';
const SETTINGS = { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;

/** A watch that writes SMS, the daughter of its wearer, and nobody else. */
export const book: NumberBook = {
  callerOf: (line, number) => {
    const caller = (whose: Caller['whose']): Caller => ({ number, whose, residentIds: [], homeId: null });
    const stranger = { standing: 'unregistered', model: null, key: null } as const;
    if (number === WATCH) {
      return { deviceId: 'watch-1', standing: 'verified', model: 'watch-sms', key: null, caller: caller('device') };
    }
    if (number === DAUGHTER) {
      const both = { ...caller('contact'), residentIds: ['mother', 'father'] };
      return { ...stranger, deviceId: 'tel-daughter', standing: 'verified', caller: both };
    }
    if (number === null) return { ...stranger, deviceId: line, caller: caller('withheld') };
    return { ...stranger, deviceId: 'tel-stranger', caller: caller('unknown') };
  },
};

type Options = {
  readonly capacity?: number;
  readonly memory?: string;
  /** The door; throwing, or never answering, is up to it. */
  readonly door?: (arrival: Arrival) => Promise<void> | void;
  readonly limits?: Partial<GsmLimits>;
  /** Before anything listens. */
  readonly before?: (modem: ReturnType<typeof createGsmModem>, gatewayPath: string) => Promise<void> | void;
  readonly isPlugged?: boolean;
};

/** A line with its modem, and everything that came to the door. Time goes as the machine's, and `skip` moves it on. */
export async function gsmWorld(context: TestContext, options: Options = {}) {
  const cable = await ptyPair(context);
  const arrived: Arrival[] = [];
  const kept: Arrival[] = [];
  const receipts: string[] = [];
  const heard: string[] = [];
  let skippedMs = 0;
  const clock = { nowMs: () => Date.now() + skippedMs, monoMs: () => performance.now() + skippedMs };
  const modem = createGsmModem({
    ...{ port: { path: cable.devicePath, ...SETTINGS }, clock },
    ...(options.capacity === undefined ? {} : { capacity: options.capacity }),
  });
  await modem.start();
  afterwards(() => modem.stop());
  await options.before?.(modem, cable.gatewayPath);
  const link = createGsmLink({
    ...{ name: 'gsm-1', memory: options.memory ?? 'SM', book, models: DEVICE_MODELS, clock },
    port: { path: cable.gatewayPath, ...SETTINGS },
    door: {
      accept: async (arrival) => {
        arrived.push(arrival);
        await options.door?.(arrival);
        kept.push(arrival);
        return { id: 'e' } as AlarmEvent;
      },
    },
    contacts: { heard: (deviceId, standing) => heard.push(`${deviceId} ${standing}`) },
    awaited: (number) => (number === DAUGHTER ? { residentId: 'mother' } : null),
    onReceipt: ({ id, receipt }) => receipts.push(`${id} ${receipt}`),
    logger: pino({ level: 'silent' }),
    limits: { settleMs: 100, retryMs: 200, lookEveryMs: 2000, ...options.limits },
    lookForPortMs: 100,
  });
  afterwards(() => link.stop());
  await link.start();
  return {
    ...{ cable, modem, link, arrived, kept, receipts, heard },
    told: (): string[] => kept.map(({ deviceId, message }) => `${deviceId} ${message.kind} ${message.type}`),
    works: () =>
      until(() => link.health().status === 'ok', { timeoutMs: 30_000, what: `the modem: ${link.health().detail}` }),
    keeps: (count: number) =>
      until(() => kept.length >= count, { timeoutMs: 30_000, what: `${count} at the door, ${kept.length} kept` }),
    isEmpty: () =>
      until(() => modem.stored() === 0 && modem.held() === 0, { timeoutMs: 30_000, what: 'the card to be empty' }),
    skip: (ms: number): void => {
      skippedMs += ms;
    },
  };
}
