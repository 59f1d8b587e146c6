import type { DeviceModel } from './model.ts';

/**
 * Modelled on wired help boxes with a radio pendant that dial a list of numbers in turn and play a recorded sentence. Not
 * tested on hardware.
 */
export const landlineAutoDialer = {
  id: 'landline-auto-dialer',
  name: { zh: '座机自动拨号求助器', en: 'Landline auto-dialler' },
  mobility: 'fixed',
  protocol: 'caller-id',
  heartbeatS: null,
  keys: [{ colour: 'red', raises: 'sos' }],
  raises: [],
  metrics: [],
  voice: true,
  dials120: true,
  battery: { tells: 'nothing', lowPct: null },
  fingerprint: {
    looks: {
      zh: '接电话线的小盒配挂坠，按下后依次拨出存好的号码并播放录音。',
      en: 'A box on the telephone line with a pendant; it dials stored numbers one after the other and plays a recording.',
    },
    frame: null,
    codes: [],
  },
  golden: [
    {
      frame: { text: '\r\nRING\r\n\r\nDATE = 0301\r\nTIME = 0801\r\nNMBR = 02155550102\r\n' },
      means: { kind: 'alarm', type: 'sos' },
    },
  ],
  instructions: {
    zh: '按住挂坠上的红键两秒，它会自动拨电话，接通后直接说话。',
    en: 'Hold the red key of the pendant for two seconds; it dials by itself. Speak when somebody answers.',
  },
  installation: {
    zh: '第一个号码存中心，不要把 120 放在第一个；录音里说清姓名和门牌。登记这条线的号码。电池每年更换：电量低时中心不会知道。',
    en: 'Store the centre first and never 120 before it; record name and door. Register the number of the line. Change its batteries every year: nobody hears when they are low.',
  },
} as const satisfies DeviceModel;
