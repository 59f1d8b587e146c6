import type { DeviceModel } from './model.ts';
import { SMS_FIRE, SMS_FIRE_OVER, SMS_MAINS, SMS_SOS } from './sms-words.ts';

/**
 * Modelled on gas and smoke detectors with a SIM, as the districts mount them in kitchens of old people. Not tested on
 * hardware.
 */
export const gsmGasGuard = {
  id: 'gsm-gas-guard',
  name: { zh: '插卡燃气烟雾报警器', en: 'Gas and smoke detector with SIM' },
  mobility: 'fixed',
  protocol: 'sms',
  heartbeatS: null,
  keys: [{ colour: 'red', raises: 'sos' }],
  raises: ['gas', 'smoke', 'co', 'mains-lost'],
  metrics: [],
  voice: false,
  dials120: false,
  battery: null,
  fingerprint: {
    looks: {
      zh: '厨房墙上的探测器，带蜂鸣器和关阀机械手，短信写明“燃气泄漏”或“烟雾”。',
      en: 'A detector on the kitchen wall with a buzzer and an arm that shuts the valve; its texts say gas leak or smoke.',
    },
    frame: null,
    codes: [],
  },
  sms: [...SMS_FIRE, ...SMS_SOS, ...SMS_FIRE_OVER, ...SMS_MAINS],
  golden: [
    { frame: { text: '燃气泄漏报警，已关阀' }, means: { kind: 'alarm', type: 'gas' } },
    { frame: { text: '烟雾报警' }, means: { kind: 'alarm', type: 'smoke' } },
    { frame: { text: 'SOS' }, means: { kind: 'alarm', type: 'sos' } },
    { frame: { text: '燃气报警解除' }, means: { kind: 'restored', type: 'gas' } },
  ],
  instructions: {
    zh: '报警时不要开关电器，不要在屋里打电话，先到门外。',
    en: 'When it sounds, touch no switch and make no call indoors: go outside first.',
  },
  installation: {
    zh: '按燃气种类选高度（天然气近顶、液化气近地），插卡登记号码。用测试键触发：屏幕显示燃气、先叫 119。它不发心跳：每月试一次。',
    en: 'Mount it high for natural gas, low for bottled gas; insert the SIM, register its number. Use its test key: the screen must say gas. It sends no sign of life: test it once a month.',
  },
} as const satisfies DeviceModel;
