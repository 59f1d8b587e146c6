import type { DeviceModel } from './model.ts';

/**
 * Modelled on the big-button telephones for old people that are sold everywhere: a key with a stored number, on an analogue
 * line. Not tested on hardware.
 */
export const landlineOneTouch = {
  id: 'landline-one-touch',
  name: { zh: '座机一键通', en: 'Landline one-touch phone' },
  mobility: 'fixed',
  protocol: 'caller-id',
  heartbeatS: null,
  keys: [{ colour: 'red', raises: 'sos' }],
  raises: [],
  metrics: [],
  voice: true,
  dials120: false,
  battery: null,
  fingerprint: {
    looks: {
      zh: '接普通电话线的大按键话机，红键里存着一个号码，按下就拨到中心。',
      en: 'A big-button telephone on an ordinary line; its red key holds one number and dials the centre.',
    },
    frame: null,
    codes: [],
  },
  golden: [
    {
      frame: { text: '\r\nRING\r\n\r\nDATE = 0301\r\nTIME = 0800\r\nNMBR = 02155550101\r\n\r\nRING\r\n' },
      means: { kind: 'alarm', type: 'sos' },
    },
  ],
  instructions: {
    zh: '遇到危险按红键，电话会自动拨到中心。不要挂断，等我们说话；说不出话也没关系，我们会打回来。',
    en: 'Press red in an emergency: it dials the centre. Do not hang up. If you cannot speak we call back.',
  },
  installation: {
    zh: '红键里存入中心的接警号码，开通来电显示，登记这条线的号码。按红键，屏幕要显示这户人家。停机、换号、欠费都会让它失效，每月试按一次。',
    en: "Store the centre's number under red, subscribe to caller ID, register the number of the line. Press red: the screen must show this home. It fails with an unpaid or changed line: press it once a month.",
  },
} as const satisfies DeviceModel;
