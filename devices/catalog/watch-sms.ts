import type { DeviceModel } from './model.ts';
import { SMS_BATTERY, SMS_FALL, SMS_SOS, SMS_WANDERING } from './sms-words.ts';

/** Modelled on 4G watches for old people that fall back to SMS where their cloud cannot be reached. Not tested on hardware. */
export const watchSms = {
  id: 'watch-sms',
  name: { zh: '定位手表（短信备用）', en: '4G watch, by SMS' },
  mobility: 'carried',
  protocol: 'sms',
  heartbeatS: null,
  keys: [{ colour: 'red', raises: 'sos' }],
  raises: ['fall', 'wandering', 'low-battery'],
  metrics: [],
  voice: true,
  dials120: true,
  battery: { tells: 'percent', lowPct: 15 },
  fingerprint: {
    looks: {
      zh: '插卡手表，侧面 SOS 键；没有数据网络时发带地图链接的短信。',
      en: 'A watch with a SIM and an SOS key at its side; without data it sends an SMS with a link to a map.',
    },
    frame: null,
    codes: [],
  },
  sms: [...SMS_FALL, ...SMS_SOS, ...SMS_WANDERING, ...SMS_BATTERY],
  golden: [
    {
      frame: { text: 'SOS https://maps.example/?q=31.23040,121.47370 battery 38%' },
      means: { kind: 'alarm', type: 'sos', batteryPct: 38, location: { lat: 31.2304, lon: 121.4737 } },
    },
    {
      frame: { text: '越出安全围栏 31.23040,121.47370' },
      means: { kind: 'alarm', type: 'wandering', location: { lat: 31.2304, lon: 121.4737 } },
    },
  ],
  instructions: {
    zh: '按住侧键三秒求助，手表会振动并拨号。每晚充电。',
    en: 'Hold the side key for three seconds: it buzzes and dials. Charge it nightly.',
  },
  installation: {
    zh: 'SOS 号码第一个设为中心，打开 SOS 短信，登记卡号。关掉数据后按一次，短信和位置要出现在屏幕上。地图链接的坐标可能偏 500 米（国测局坐标）。',
    en: 'Set the centre as the first SOS number, switch on the SOS SMS, register its number. Switch data off and press: SMS and place must show. Places of map links may be 500 m off (Chinese datum).',
  },
} as const satisfies DeviceModel;
