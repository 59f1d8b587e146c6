import type { DeviceModel } from './model.ts';

/** A button on a cord with its own radio; worn in the bath and at night. Heartbeat chosen. */
export const genericPendant = {
  id: 'generic-pendant',
  name: { zh: '随身呼叫器', en: 'Pendant' },
  mobility: 'carried',
  protocol: 'mqtt-json',
  heartbeatS: 3600,
  keys: [{ colour: 'red', raises: 'sos' }],
  raises: ['fall', 'low-battery'],
  metrics: [],
  voice: false,
  instructions: {
    zh: '请一直戴在身上，洗澡和睡觉时也不要取下。需要帮助时按住红键两秒。',
    en: 'Wear it always, also in the bath and in bed. Hold the red key for two seconds to call for help.',
  },
} as const satisfies DeviceModel;
