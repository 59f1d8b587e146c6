import type { DeviceModel } from './model.ts';

/**
 * Modelled on telephones for old people with a built-in DTMF dialler (Contact ID, SIA DC-05), heard through a receiver of the
 * centre. Not tested on hardware.
 */
export const landlineContactId = {
  id: 'landline-contact-id',
  name: { zh: '座机一键通（双音多频报警）', en: 'Landline phone with Contact ID' },
  mobility: 'fixed',
  protocol: 'sur-gard',
  heartbeatS: 86_400,
  keys: [{ colour: 'red', raises: 'sos' }],
  raises: ['low-battery', 'mains-lost'],
  metrics: [],
  voice: true,
  dials120: false,
  battery: { tells: 'alarm', lowPct: null },
  fingerprint: {
    looks: {
      zh: '按键后先听到一串拨号音和“嘀”声，随后才能通话；四位用户号。',
      en: 'After the key one hears a burst of tones and a long beep before anybody can speak; it has an account of four digits.',
    },
    frame: /^5[0-9A-F]{3,6} 18[0-9A-F]{4,6}[ERP][0-9A-F]{8}/u,
    codes: ['100', '101', '301', '302', '602'],
  },
  golden: [
    { frame: { text: '5011 184711E10100001\x14' }, means: { kind: 'alarm', type: 'sos' } },
    { frame: { text: '5011 184711E30200000\x14' }, means: { kind: 'alarm', type: 'low-battery' } },
    { frame: { text: '5011 184711R30200000\x14' }, means: { kind: 'restored', type: 'low-battery' } },
  ],
  instructions: {
    zh: '遇到危险按红键，等提示音结束后直接说话。',
    en: 'Press red in an emergency; speak when the tones have ended.',
  },
  installation: {
    zh: '填入接收机的电话号码和用户号（账号），选 Contact ID 格式，开启每日测试（602）。按红键：屏幕显示本户，话机收到结束音才算成功。',
    en: "Enter the receiver's number and the account, choose Contact ID, set the daily test (602). Press red: the screen must show this home, and the phone must have heard the kiss-off tone.",
  },
} as const satisfies DeviceModel;
