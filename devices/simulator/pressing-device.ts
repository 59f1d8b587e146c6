import type { DeviceModel } from '../catalog/model.ts';
import type { DistrictDevice } from './district.ts';

/** A device behind a line or card whose number says who it is. */
export type NumberedDevice = {
  readonly deviceId: string;
  readonly model: DeviceModel;
  /** As the exchange or the network tells it. */
  readonly number: string;
  readonly clock: { readonly nowMs: () => number };
};

const nothing = (): Promise<void> => Promise.resolve();

/** Of a device that is heard only when somebody presses: whoever pays for each call and message gives no sign of life. */
export const ONLY_PRESSES: Pick<DistrictDevice, 'connect' | 'heartbeat' | 'vitals' | 'disconnect'> = {
  connect: nothing,
  heartbeat: nothing,
  vitals: nothing,
  disconnect: nothing,
};
