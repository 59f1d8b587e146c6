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
  dials120: false,
  battery: { tells: 'alarm', lowPct: null },
  fingerprint: {
    looks: {
      zh: '插电的白色小盒，与无线烟感、燃气、水浸、门磁配对，报警带探测器名称。',
      en: 'A white box on mains that wireless smoke, gas, water and door sensors are paired with; its alarms name the sensor.',
    },
    frame: /^\{.*"type"/u,
    codes: [],
  },
  golden: [
    { frame: { text: '{"type":"sos","id":"g1"}' }, means: { kind: 'alarm', type: 'sos' } },
    {
      frame: { text: '{"type":"smoke","zone":"kitchen","id":"g2"}' },
      means: { kind: 'alarm', type: 'smoke', zone: 'kitchen' },
    },
    {
      frame: { text: '{"type":"restored","of":"smoke","zone":"kitchen","id":"g3"}' },
      means: { kind: 'restored', type: 'smoke', zone: 'kitchen' },
    },
  ],
  instructions: {
    zh: '请勿拔掉电源和网线。闻到燃气味请先离开，不要开关电器。',
    en: 'Leave power and network plugged in. If you smell gas, leave first and touch no switch.',
  },
  installation: {
    zh: '接电源和网线，填入 MQTT 账号，逐个触发每个探测器，核对屏幕上的名称和房间。拔掉电源，确认断电报警。',
    en: 'Connect mains and network, enter its MQTT account, set off each sensor and compare its name on the screen. Unplug it: the loss of mains must show.',
  },
} as const satisfies DeviceModel;
