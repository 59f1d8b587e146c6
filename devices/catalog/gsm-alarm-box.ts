import type { DeviceModel } from './model.ts';
import {
  SMS_ARMING,
  SMS_BATTERY,
  SMS_DURESS,
  SMS_FAULT,
  SMS_FIRE,
  SMS_FIRE_OVER,
  SMS_MAINS,
  SMS_REPORT,
  SMS_SENSORS,
  SMS_SENSORS_OVER,
  SMS_SOS,
  SMS_TAMPER,
  SMS_ZONES,
} from './sms-words.ts';

/**
 * Modelled on GSM home alarm boxes that are sold without a brand: radio sensors by zone, texts in Chinese or English by SMS.
 * Not tested on hardware.
 */
export const gsmAlarmBox = {
  id: 'gsm-alarm-box',
  name: { zh: '短信报警主机', en: 'GSM alarm box' },
  mobility: 'fixed',
  protocol: 'sms',
  heartbeatS: 86_400,
  keys: [{ colour: 'red', raises: 'sos' }],
  raises: [
    'smoke',
    'gas',
    'co',
    'duress',
    'intrusion',
    'water',
    'door-open',
    'tamper',
    'mains-lost',
    'low-battery',
    'device-fault',
  ],
  metrics: [],
  voice: false,
  dials120: true,
  battery: { tells: 'alarm', lowPct: null },
  fingerprint: {
    looks: {
      zh: '墙上的方盒带短天线，短信以“01防区报警”或“Zone 01 alarm”开头。',
      en: 'A box on the wall with a short aerial; its texts say "Zone 01 alarm" or the same in Chinese.',
    },
    frame: null,
    codes: [],
  },
  sms: [
    ...SMS_DURESS,
    ...SMS_SOS,
    ...SMS_FIRE,
    ...SMS_SENSORS,
    ...SMS_FIRE_OVER,
    ...SMS_SENSORS_OVER,
    ...SMS_ZONES,
    ...SMS_MAINS,
    ...SMS_BATTERY,
    ...SMS_TAMPER,
    ...SMS_FAULT,
    ...SMS_REPORT,
    ...SMS_ARMING,
  ],
  golden: [
    { frame: { text: 'SOS紧急求救' }, means: { kind: 'alarm', type: 'sos' } },
    { frame: { text: '03防区烟雾报警' }, means: { kind: 'alarm', type: 'smoke', zone: '03' } },
    { frame: { text: 'Zone 05 gas alarm' }, means: { kind: 'alarm', type: 'gas', zone: '05' } },
    { frame: { text: '07防区报警' }, means: { kind: 'alarm', type: 'unknown', zone: '07' } },
    { frame: { text: '外电断开' }, means: { kind: 'alarm', type: 'mains-lost' } },
    { frame: { text: 'AC power restored' }, means: { kind: 'restored', type: 'mains-lost' } },
    { frame: { text: '定期测试 系统正常' }, means: 'heartbeat' },
  ],
  instructions: {
    zh: '按遥控器上的 SOS 键或墙上的红键求助。闻到燃气味先离开。',
    en: 'Press SOS on the remote control or the red key on the wall. If you smell gas, leave first.',
  },
  installation: {
    zh: '插卡并登记卡号，短信号码设为中心，每个防区按“类型＋房间”命名，打开每日测试短信。逐个触发防区，核对短信内容；拔电源再插上。',
    en: 'Insert the SIM and register its number; send SMS to the centre; name each zone by kind and room; switch on the daily test. Set off each zone and compare the text; unplug and plug it in again.',
  },
} as const satisfies DeviceModel;
