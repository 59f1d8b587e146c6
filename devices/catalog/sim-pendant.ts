import type { DeviceModel } from './model.ts';
import { SMS_BATTERY, SMS_FALL, SMS_FAULT, SMS_REPORT, SMS_SOS } from './sms-words.ts';

/**
 * Modelled on neck pendants with a SIM, a loudspeaker and a fall sensor, which were made for 2G and speak by SMS and call.
 * Not tested on hardware.
 */
export const simPendant = {
  id: 'sim-pendant',
  name: { zh: '插卡通话挂坠', en: 'Pendant with SIM' },
  mobility: 'carried',
  protocol: 'sms',
  heartbeatS: 86_400,
  keys: [{ colour: 'red', raises: 'sos' }],
  raises: ['fall', 'low-battery', 'device-fault'],
  metrics: [],
  voice: true,
  dials120: true,
  battery: { tells: 'percent', lowPct: 20 },
  fingerprint: {
    looks: {
      zh: '挂在胸前的小盒，一个大键，有喇叭和充电座，跌倒会自动报警。',
      en: 'A small box on a cord with one big key, a loudspeaker and a cradle; it tells a fall by itself.',
    },
    frame: null,
    codes: [],
  },
  sms: [...SMS_FALL, ...SMS_SOS, ...SMS_BATTERY, ...SMS_FAULT, ...SMS_REPORT],
  golden: [
    {
      frame: { text: 'SOS! bat:62% loc:31.23040,121.47370' },
      means: { kind: 'alarm', type: 'sos', batteryPct: 62, location: { lat: 31.2304, lon: 121.4737 } },
    },
    { frame: { text: '跌倒报警 电量55%' }, means: { kind: 'alarm', type: 'fall' } },
    { frame: { text: 'Low battery! bat:12%' }, means: { kind: 'alarm', type: 'low-battery', batteryPct: 12 } },
  ],
  instructions: {
    zh: '一直戴着，洗澡也不摘。需要帮助时按住大键，听到“嘟”声后说话。每两天放上充电座。',
    en: 'Wear it always, also in the bath. Hold the big key and speak after the tone. Put it into its cradle every second day.',
  },
  installation: {
    zh: '短信和呼叫号码都设为中心，打开跌倒报警和每日报告，登记卡号。在浴室、楼道各按一次。2G 停网的地方不能用。',
    en: 'Set the centre for SMS and calls, switch on fall and daily report, register its number. Press it in the bathroom and in the stairwell. It is useless where 2G has been switched off.',
  },
} as const satisfies DeviceModel;
