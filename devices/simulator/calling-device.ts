import type { CallerIdModem, SimulatedCall } from './caller-id-modem.ts';
import type { DistrictDevice } from './district.ts';
import { ONLY_PRESSES, type NumberedDevice } from './pressing-device.ts';

/** One after the other, as a telephone line has it; a call that failed does not hold up the next. */
export type SharedLine = { readonly call: (call: SimulatedCall) => Promise<void> };

export function createSharedLine(modem: Pick<CallerIdModem, 'call'>): SharedLine {
  let last: Promise<unknown> = Promise.resolve();
  return {
    call: (call) => {
      const mine = last.then(() => modem.call(call));
      // Whoever called is told.
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** A phone that dials the centre when its key is pressed: it rings three times, nobody answers, it rings off. */
export function createCallingDevice(
  line: SharedLine,
  { deviceId, model, number, clock }: NumberedDevice,
): DistrictDevice {
  return {
    ...ONLY_PRESSES,
    deviceId,
    model,
    press: async () => {
      const at = clock.nowMs();
      await line.call({ rings: 3, caller: { number } });
      return { id: String(at), at, type: 'sos' };
    },
  };
}
