import type { DeviceModel } from './model.ts';
import { says, SMS_BATTERY, SMS_MAINS, SMS_FAULT, SMS_REPORT, SMS_SOS } from './sms-words.ts';

/**
 * Modelled on desk phones for old people with a SIM (fixed wireless terminals) that call a stored number and send an SMS to
 * it. Not tested on hardware.
 */
export const simOneTouch = {
  id: 'sim-one-touch',
  name: { zh: '插卡一键通', en: 'One-touch phone with SIM' },
  mobility: 'fixed',
  protocol: 'caller-id',
  heartbeatS: 86_400,
  keys: [
    { colour: 'red', raises: 'sos' },
    { colour: 'green', raises: 'service' },
  ],
  raises: ['low-battery', 'mains-lost', 'device-fault'],
  metrics: [],
  voice: true,
  dials120: true,
  battery: { tells: 'alarm', lowPct: null },
  fingerprint: {
    looks: {
      zh: '带天线的桌面话机，里面插手机卡；按红键先发短信再拨号。',
      en: 'A desk phone with an aerial and a SIM; on red it sends an SMS and then dials.',
    },
    frame: null,
    codes: [],
  },
  sms: [
    ...SMS_SOS,
    { pattern: says(/绿键|服务请求|service/u), raises: 'service' },
    ...SMS_MAINS,
    ...SMS_BATTERY,
    ...SMS_FAULT,
    ...SMS_REPORT,
  ],
  golden: [
    {
      frame: { text: '\r\nRING\r\n\r\nDATE = 0301\r\nTIME = 0802\r\nNMBR = 13800000103\r\n' },
      means: { kind: 'alarm', type: 'sos' },
    },
    { frame: { text: 'SOS 紧急求救 电量80%' }, protocol: 'sms', means: { kind: 'alarm', type: 'sos', batteryPct: 80 } },
  ],
  instructions: {
    zh: '遇到危险按红键，需要服务按绿键。按下后请稍等，我们会和您通话。',
    en: 'Press red in an emergency, green for a service. Wait: somebody will speak with you.',
  },
  installation: {
    zh: '插入实名登记的卡，存中心号码和短信号码，登记卡号。信号至少两格。分别按红键和绿键，再拔电源，三件事都要出现在屏幕上。卡欠费即失效，设置自动续费。',
    en: 'Insert a registered SIM, store the numbers for calls and SMS, register its number. At least two bars. Press red, press green, unplug it: all three must show. An unpaid SIM is a dead phone: set up automatic payment.',
  },
} as const satisfies DeviceModel;
