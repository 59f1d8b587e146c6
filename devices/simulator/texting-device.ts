import type { DeviceAlarmType } from '../alarm-types.ts';
import type { DistrictDevice } from './district.ts';
import type { GsmModem } from './gsm-modem.ts';
import { ONLY_PRESSES, type NumberedDevice } from './pressing-device.ts';

/** What such devices say, in words that every model of the catalog with SMS knows for the type. */
const WORDS: Readonly<Partial<Record<DeviceAlarmType, string>>> = {
  sos: 'SOS 求救',
  fall: '跌倒报警',
  wandering: '越出安全围栏',
  smoke: '烟雾报警',
  gas: '燃气泄漏报警',
  'low-battery': '电池电量低',
  'mains-lost': '市电断开',
};

/** A watch or box that writes an SMS when its key is pressed, to the number of a simulated modem. */
export function createTextingDevice(
  modem: Pick<GsmModem, 'receive'>,
  { deviceId, model, number, clock }: NumberedDevice,
): DistrictDevice {
  return {
    ...ONLY_PRESSES,
    deviceId,
    model,
    press: (type = 'sos') => {
      const at = clock.nowMs();
      modem.receive(number, WORDS[type] ?? 'SOS 求救', at);
      return Promise.resolve({ id: String(at), at, type });
    },
  };
}
