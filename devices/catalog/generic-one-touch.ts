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
  instructions: {
    zh: '遇到危险按红键，需要服务按绿键。按下后请稍等，工作人员会和您通话。',
    en: 'Press red in an emergency, green for a service. Wait: somebody will speak with you.',
  },
} as const satisfies DeviceModel;
