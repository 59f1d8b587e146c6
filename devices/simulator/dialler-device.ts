import type { SurGardMessage } from '../../protocols/sur-gard/message.ts';
import type { DeviceAlarmType } from '../alarm-types.ts';
import type { DeviceModel } from '../catalog/model.ts';
import type { DistrictDevice } from './district.ts';
import { ONLY_PRESSES } from './pressing-device.ts';
import type { SimulatedReceiver } from './sur-gard-receiver.ts';

/** What a dialler says for what it raises: codes of Contact ID. */
const CONTACT_ID_CODES: Readonly<Partial<Record<DeviceAlarmType, string>>> = {
  sos: '101',
  smoke: '111',
  gas: '151',
  co: '162',
  water: '154',
  panic: '120',
  duress: '121',
  tamper: '137',
  'low-battery': '302',
  'mains-lost': '301',
  test: '601',
};
/** The daily test, its heartbeat. */
const PERIODIC_TEST = '602';

/** A phone with a dialler as one device of a district, heard through an alarm receiver that several of them share. */
export function createDiallerDevice(
  receiver: Pick<SimulatedReceiver, 'say'>,
  options: {
    readonly deviceId: string;
    readonly model: DeviceModel;
    readonly account: string;
    readonly clock: { readonly nowMs: () => number };
  },
): DistrictDevice {
  const { deviceId, model, account, clock } = options;
  const say = (code: string): Promise<void> => receiver.say(lineOf(account, code));
  return {
    ...ONLY_PRESSES,
    deviceId,
    model,
    press: async (type = 'sos') => {
      const at = clock.nowMs();
      const code = CONTACT_ID_CODES[type] ?? '101';
      await say(code);
      return { id: code, at, type };
    },
    heartbeat: () => say(PERIODIC_TEST),
  };
}

function lineOf(account: string, code: string): SurGardMessage {
  const event = { qualifier: 'new', code, group: '01', zone: '001' } as const;
  return { kind: 'contact-id', receiver: '01', line: '1', format: '18', account, event };
}
