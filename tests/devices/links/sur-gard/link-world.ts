import { pino } from 'pino';
import type { TestContext } from 'vitest';
import type { AlarmEvent } from '../../../../devices/event.ts';
import type { Arrival } from '../../../../devices/links/ports.ts';
import type { SerialLimits } from '../../../../devices/links/serial/serial-line.ts';
import { createSurGardLink } from '../../../../devices/links/sur-gard/sur-gard-link.ts';
import { createSurGardReceiver, type ReceiverHabits } from '../../../../devices/simulator/sur-gard-receiver.ts';
import { systemClock } from '../../../../gateway/clock.ts';
import { DEFAULT_WIDTHS } from '../../../../protocols/sur-gard/limits.ts';
import type { SurGardMessage } from '../../../../protocols/sur-gard/message.ts';
import { afterwards } from '../../../harness/cleanup.ts';
import { ptyPair } from '../../../harness/pty-pair.ts';

const FORMAT = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const;
const LOOK: Partial<SerialLimits> = { lookEveryMs: 100 };

/** A link at one end of a cable, whose door is the test's own. All of it ends with the test. */
export async function startedLink(context: TestContext, silentAfterMs = 60_000) {
  const pty = await ptyPair(context);
  const arrivals: Arrival[] = [];
  const door = { accept: (): Promise<void> => Promise.resolve() };
  const nothing = (): void => undefined;
  const logger = pino({ level: 'silent' });
  const link = createSurGardLink({
    ...{ name: 'north', port: { path: pty.gatewayPath, ...FORMAT }, widths: DEFAULT_WIDTHS },
    book: {
      accountOf: (receiver, account) => ({
        ...{ deviceId: `${receiver}-${account}`, standing: 'unregistered', model: null, key: null },
      }),
    },
    door: {
      accept: async (arrival) => {
        arrivals.push(arrival);
        await door.accept();
        return { id: `event-${arrivals.length}` } as AlarmEvent;
      },
    },
    contacts: { heard: nothing, connected: nothing, disconnected: nothing, dropped: nothing },
    limits: { silentAfterMs },
    lineLimits: LOOK,
    clock: systemClock,
    logger,
  });
  afterwards(() => link.stop());
  await link.start();
  return { pty, arrivals, door, link, logger };
}

/** The same, with a receiver at the other end. */
export async function linkWorld(
  context: TestContext,
  { habits = {}, silentAfterMs = 60_000 }: { habits?: Partial<ReceiverHabits>; silentAfterMs?: number } = {},
) {
  const { logger, ...near } = await startedLink(context, silentAfterMs);
  const receiver = createSurGardReceiver({
    port: { path: near.pty.devicePath, ...FORMAT },
    ...{ widths: DEFAULT_WIDTHS, habits, logger, lineLimits: LOOK },
  });
  afterwards(() => receiver.stop());
  await receiver.start();
  return { ...near, receiver };
}

export function pressOf(account: string, zone = '001'): SurGardMessage {
  const event = { qualifier: 'new', code: '101', group: '01', zone } as const;
  return { kind: 'contact-id', receiver: '01', line: '1', format: '18', account, event };
}
