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
  dials120: false,
  battery: { tells: 'percent', lowPct: 15 },
  fingerprint: {
    looks: {
      zh: '带屏幕的手表，侧面一个红色按键，背面有绿光传感器，报警时带位置。',
      en: 'A watch with a screen, a red key at its side and green light at its back; its alarms carry a position.',
    },
    frame: /^\{.*"(?:type|readings)"/u,
    codes: [],
  },
  golden: [
    {
      frame: { text: '{"type":"sos","id":"w1","location":{"lat":31.2304,"lon":121.4737,"source":"gnss"}}' },
      means: { kind: 'alarm', type: 'sos', location: { lat: 31.2304, lon: 121.4737 } },
    },
    { frame: { text: '{"type":"fall","id":"w2"}' }, means: { kind: 'alarm', type: 'fall' } },
  ],
  instructions: {
    zh: '请戴紧手表。需要帮助时按住侧键三秒，手表振动表示已收到。每晚充电。',
    en: 'Wear it snugly. Hold the side key for three seconds to call for help; it buzzes when we have it. Charge it nightly.',
  },
  installation: {
    zh: '插卡、充电、填入 MQTT 账号，调好表带。到窗边等待定位，按住侧键，确认屏幕响铃并显示位置。',
    en: 'Insert the SIM, charge, enter its MQTT account, fit the strap. Wait for a position at a window, hold the key: it must ring and show where.',
  },
} as const satisfies DeviceModel;
