import type { DeviceModel } from '../catalog/model.ts';
import type { CallerIdModem, SimulatedCall } from './caller-id-modem.ts';
import type { VirtualDevice } from './virtual-device.ts';

/** One after the other, as a telephone line has it; a call that failed does not hold up the next. */
export type SharedLine = { readonly call: (call: SimulatedCall) => Promise<void> };

export function createSharedLine(modem: Pick<CallerIdModem, 'call'>): SharedLine {
  let last: Promise<unknown> = Promise.resolve();
  return {
    call: (call) => {
      const mine = last.then(() => modem.call(call));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** A phone that dials the centre when its key is pressed: it rings three times, nobody answers, it rings off. */
export function createCallingDevice(
  line: SharedLine,
  options: {
    readonly deviceId: string;
    readonly model: DeviceModel;
    /** As the exchange tells it. */
    readonly number: string;
    readonly clock: { readonly nowMs: () => number };
  },
): Pick<VirtualDevice, 'deviceId' | 'model' | 'connect' | 'press' | 'heartbeat' | 'vitals' | 'disconnect'> {
  const { deviceId, model, number, clock } = options;
  return {
    deviceId,
    model,
    connect: () => Promise.resolve(),
    press: async () => {
      const at = clock.nowMs();
      await line.call({ rings: 3, caller: { number } });
      return { id: String(at), at, type: 'sos' };
    },
    // A telephone on a line gives no sign of life.
    heartbeat: () => Promise.resolve(),
    vitals: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
  };
}
