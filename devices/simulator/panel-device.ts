import type { DeviceAlarmType } from '../alarm-types.ts';
import type { DeviceModel } from '../catalog/model.ts';
import type { Dc09Panel } from './dc09-panel.ts';
import type { DistrictDevice } from './district.ts';

/** What a panel says for what it raises: codes of SIA DC-03. */
const SIA_CODES: Readonly<Partial<Record<DeviceAlarmType, string>>> = {
  sos: 'QA',
  smoke: 'FA',
  gas: 'GA',
  co: 'GA',
  water: 'WA',
  panic: 'PA',
  duress: 'HA',
  tamper: 'TA',
  'low-battery': 'YT',
  'mains-lost': 'AT',
  test: 'RX',
};

/** A panel as one device of a district: it polls where others beat, and has nothing to measure. */
export function createPanelDevice(
  panel: Dc09Panel,
  options: {
    readonly deviceId: string;
    readonly model: DeviceModel;
    readonly clock: { readonly nowMs: () => number };
  },
): DistrictDevice {
  const { deviceId, model, clock } = options;
  return {
    deviceId,
    model,
    connect: async () => void (await panel.poll()),
    press: async (type = 'sos') => {
      const at = clock.nowMs();
      const { sequence } = await panel.send('SIA-DCS', `Nri1/${SIA_CODES[type] ?? 'QA'}01`);
      return { id: String(sequence), at, type };
    },
    heartbeat: async () => void (await panel.poll()),
    vitals: () => Promise.resolve(),
    disconnect: () => panel.stop(),
  };
}
