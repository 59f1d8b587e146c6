import type { DeviceModel } from './model.ts';

/** A watch with a key, position and vital signs. Heartbeat chosen. */
export const genericWearable = {
  id: 'generic-wearable',
  name: { zh: '健康手表', en: 'Wearable health monitor' },
  mobility: 'carried',
  protocol: 'mqtt-json',
  heartbeatS: 600,
  keys: [{ colour: 'red', raises: 'sos' }],
  raises: ['fall', 'low-battery'],
  metrics: ['heart-rate', 'spo2', 'temperature', 'steps'],
  voice: true,
  instructions: {
    zh: '请戴紧手表。需要帮助时按住侧键三秒，手表振动表示已收到。每晚充电。',
    en: 'Wear it snugly. Hold the side key for three seconds to call for help; it buzzes when we have it. Charge it nightly.',
  },
} as const satisfies DeviceModel;
