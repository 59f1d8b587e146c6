import { Gauge, type Registry } from 'prom-client';
import type { ReceiverCounts } from '../../devices/links/ports.ts';

/** A way in beside MQTT that counts. */
export type CountingReceiver = { readonly name: string; readonly counts?: () => ReceiverCounts };

const HELP: Readonly<Record<keyof ReceiverCounts, readonly [name: string, help: string]>> = {
  frames: ['zhuji_receiver_frames', 'Frames or lines that a receiver understood, since the start'],
  unreadable: ['zhuji_receiver_unreadable', 'Frames that a receiver refused: a wrong checksum, parity or form'],
  acked: ['zhuji_receiver_acked', 'Frames that a receiver acknowledged; not of ways in that acknowledge nothing'],
  notDurable: ['zhuji_receiver_not_durable', 'Alarms of a receiver that nothing kept, and that it did not acknowledge'],
};

/** Receivers in numbers. Labels are the names of the settings: as many as there are ports. */
export function addReceiverGauges(registers: Registry[], receivers: readonly CountingReceiver[]): void {
  for (const key of ['frames', 'unreadable', 'acked', 'notDurable'] as const) {
    const [name, help] = HELP[key];
    const gauge: Gauge<'receiver'> = new Gauge({
      ...{ name, help, registers, labelNames: ['receiver'] },
      collect: () => {
        for (const { name: receiver, counts } of receivers) {
          const count = counts?.()[key];
          if (count !== undefined) gauge.set({ receiver }, count);
        }
      },
    });
  }
}
