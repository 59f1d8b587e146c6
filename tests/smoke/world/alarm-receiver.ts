import { pino } from 'pino';
import {
  createSurGardReceiver,
  type ReceiverHabits,
  type SimulatedReceiver,
} from '../../../devices/simulator/sur-gard-receiver.ts';
import { DEFAULT_WIDTHS } from '../../../protocols/sur-gard/limits.ts';
import type { SurGardMessage } from '../../../protocols/sur-gard/message.ts';
import { afterwards } from '../../harness/cleanup.ts';

/** An alarm receiver at this end of a cable; it begins with a heartbeat and stops with the test, or with the file. */
export async function plugReceiver(path: string, habits: Partial<ReceiverHabits> = {}): Promise<SimulatedReceiver> {
  const receiver = createSurGardReceiver({
    port: { path, baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
    ...{ widths: DEFAULT_WIDTHS, habits, logger: pino({ level: 'silent' }) },
  });
  afterwards(() => receiver.stop());
  await receiver.start();
  return receiver;
}

/** Contact ID 101: the key of somebody's pendant or phone. */
export function keyPress(account: string, code = '101'): SurGardMessage {
  const event = { qualifier: 'new', code, group: '01', zone: '001' } as const;
  return { kind: 'contact-id', receiver: '01', line: '1', format: '18', account, event };
}
