import type { DeviceModel } from './model.ts';

/** The white box with a red and a green key that the district programmes give out. Heartbeat chosen. */
export const genericOneTouch = {
  id: 'generic-one-touch',
  name: { zh: '一键通电话机', en: 'One-touch phone' },
  mobility: 'fixed',
  protocol: 'mqtt-json',
  heartbeatS: 300,
  keys: [
    { colour: 'red', raises: 'sos' },
    { colour: 'green', raises: 'service' },
  ],
  raises: ['mains-lost', 'low-battery'],
  metrics: [],
  voice: true,
  dials120: false,
  battery: { tells: 'percent', lowPct: 20 },
  fingerprint: {
    looks: {
      zh: '白色桌面话机，一红一绿两个大键，插网线或 4G 卡，按键后灯闪。',
      en: 'A white desk phone with one big red and one big green key, on a network cable or a 4G card; it blinks when pressed.',
    },
    frame: /^\{.*"type"/u,
    codes: [],
  },
  golden: [
    {
      frame: { text: '{"type":"sos","id":"a1","at":"2026-03-01T08:00:00Z","batteryPct":90}' },
      means: { kind: 'alarm', type: 'sos', batteryPct: 90 },
    },
    { frame: { text: '{"type":"service","id":"a2"}' }, means: { kind: 'alarm', type: 'service' } },
    { frame: { text: '{"batteryPct":90,"mains":true}' }, topic: 'status', means: 'heartbeat' },
  ],
  instructions: {
    zh: '遇到危险按红键，需要服务按绿键。按下后请稍等，工作人员会和您通话。',
    en: 'Press red in an emergency, green for a service. Wait: somebody will speak with you.',
  },
  installation: {
    zh: '插好电源，填入网关给出的 MQTT 地址、用户名和密码。按红键，坐席确认屏幕响铃并通话后才算完成。',
    en: 'Plug it in; enter the MQTT address, user name and password that the gateway gave. Press red: done when an operator saw it ring and you spoke.',
  },
} as const satisfies DeviceModel;
