import type { DeviceModel } from './model.ts';

/**
 * Modelled on small nurse-call and alarm panels of apartment houses for old people with a dialler (Contact ID) behind a
 * receiver. Not tested on hardware.
 */
export const nurseCallPanel = {
  id: 'nurse-call-panel',
  name: { zh: '公寓呼叫主机（接收机）', en: 'Apartment call panel behind a receiver' },
  mobility: 'fixed',
  protocol: 'sur-gard',
  heartbeatS: 86_400,
  keys: [{ colour: 'red', raises: 'sos' }],
  raises: ['smoke', 'water', 'mains-lost', 'low-battery', 'tamper'],
  metrics: [],
  voice: false,
  dials120: false,
  battery: { tells: 'alarm', lowPct: null },
  fingerprint: {
    looks: {
      zh: '楼道里的主机连着各户的拉绳和按钮，防区号就是户号。',
      en: 'A panel in the stairwell with pull cords and buttons of each flat; the zone is the flat.',
    },
    frame: /^5[0-9A-F]{3,6} 18[0-9A-F]{4,6}[ERP][0-9A-F]{8}/u,
    codes: ['100', '101', '111', '154', '137', '301', '302', '602'],
  },
  golden: [
    { frame: { text: '5012 186100E10101017\x14' }, means: { kind: 'alarm', type: 'sos' } },
    { frame: { text: '5012 186100E11101017\x14' }, means: { kind: 'alarm', type: 'smoke' } },
    { frame: { text: '5012 186100E30100000\x14' }, means: { kind: 'alarm', type: 'mains-lost' } },
  ],
  instructions: {
    zh: '拉一下绳子或按红键，值班人员会上门。',
    en: 'Pull the cord or press red; somebody will come to the flat.',
  },
  installation: {
    zh: '防区号与户号对照表登记到中心。每户拉绳一次，核对户号；拔电源看断电报警。每日测试 602。',
    en: 'Register which zone is which flat. Pull every cord and compare the flat; unplug it and see the loss of mains. Daily test 602.',
  },
} as const satisfies DeviceModel;
