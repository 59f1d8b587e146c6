import type { DeviceModel } from './model.ts';

/** The hub of a home's sensors: smoke, gas, water, doors, bed, movement. Each sensor is a `zone`. Heartbeat chosen. */
export const genericHomeGateway = {
  id: 'generic-home-gateway',
  name: { zh: '家庭网关', en: 'Home gateway' },
  mobility: 'fixed',
  protocol: 'mqtt-json',
  heartbeatS: 120,
  keys: [{ colour: 'red', raises: 'sos' }],
  raises: ['smoke', 'gas', 'co', 'water', 'door-open', 'bed-exit', 'inactivity', 'tamper', 'mains-lost', 'low-battery'],
  metrics: [],
  voice: false,
  instructions: {
    zh: '请勿拔掉电源和网线。闻到燃气味请先离开，不要开关电器。',
    en: 'Leave power and network plugged in. If you smell gas, leave first and touch no switch.',
  },
} as const satisfies DeviceModel;
