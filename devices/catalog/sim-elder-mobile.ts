import type { DeviceModel } from './model.ts';
import { SMS_BATTERY, SMS_SOS } from './sms-words.ts';

/**
 * Modelled on mobile phones for old people with an SOS key at the back: loud tone, a call down a list, an SMS with the last
 * position. Not tested on hardware.
 */
export const simElderMobile = {
  id: 'sim-elder-mobile',
  name: { zh: '老人手机（背面 SOS 键）', en: 'Mobile phone with SOS key' },
  mobility: 'carried',
  protocol: 'caller-id',
  heartbeatS: null,
  keys: [{ colour: 'red', raises: 'sos' }],
  raises: ['low-battery'],
  metrics: [],
  voice: true,
  dials120: true,
  battery: { tells: 'percent', lowPct: 15 },
  fingerprint: {
    looks: {
      zh: '直板大字手机，背面一个红色滑块或按键，按住后响警笛并拨号。',
      en: 'A mobile phone with big digits; a red key or slide at its back sounds a siren and dials.',
    },
    frame: null,
    codes: [],
  },
  sms: [...SMS_SOS, ...SMS_BATTERY],
  golden: [
    {
      frame: { text: '\r\nRING\r\n\r\nDATE = 0301\r\nTIME = 0803\r\nNMBR = 13800000104\r\n' },
      means: { kind: 'alarm', type: 'sos' },
    },
    {
      frame: { text: 'SOS! 我需要帮助 位置 31.23040,121.47370 电量 41%' },
      protocol: 'sms',
      means: { kind: 'alarm', type: 'sos', batteryPct: 41, location: { lat: 31.2304, lon: 121.4737 } },
    },
  ],
  instructions: {
    zh: '按住背面红键三秒，会响警笛并拨给中心。放进口袋随身带，每晚充电。',
    en: 'Hold the red key at the back for three seconds: it sounds and dials the centre. Keep it in your pocket, charge it nightly.',
  },
  installation: {
    zh: '紧急联系人第一个存中心，120 只能放最后。打开位置短信，登记卡号。按一次：屏幕上要有电话和短信两样，同属一个工单。',
    en: 'Store the centre as the first emergency contact and 120 last. Switch on the SMS with position, register its number. Press once: call and SMS must both show, as one case.',
  },
} as const satisfies DeviceModel;
