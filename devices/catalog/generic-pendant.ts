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
  dials120: false,
  battery: { tells: 'percent', lowPct: 20 },
  fingerprint: {
    looks: {
      zh: '挂在胸前的小圆片，只有一个红键，自带物联网卡，按住后振动。',
      en: 'A small disc on a cord with one red key and a SIM of its own; it buzzes when the key is held.',
    },
    frame: /^\{.*"type"/u,
    codes: [],
  },
  golden: [
    {
      frame: { text: '{"type":"sos","id":"7","batteryPct":35}' },
      means: { kind: 'alarm', type: 'sos', batteryPct: 35 },
    },
    { frame: { text: '{"type":"fall","id":"8"}' }, means: { kind: 'alarm', type: 'fall' } },
  ],
  instructions: {
    zh: '请一直戴在身上，洗澡和睡觉时也不要取下。需要帮助时按住红键两秒。',
    en: 'Wear it always, also in the bath and in bed. Hold the red key for two seconds to call for help.',
  },
  installation: {
    zh: '充满电，填入 MQTT 账号，剪好挂绳长度。在浴室和卧室各按一次，两次都要在屏幕上响铃。',
    en: 'Charge it fully, enter its MQTT account, fit the cord. Press it once in the bathroom and once in the bedroom: both must ring.',
  },
} as const satisfies DeviceModel;
