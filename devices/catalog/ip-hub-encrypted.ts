import { ipHub } from './ip-hub.ts';
import type { DeviceModel } from './model.ts';

const keyHex = '000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F';

/** Modelled on radio hubs of alarm systems that report with AES-256 (SIA DC-09 §5.4.7, `*SIA-DCS`). Not tested on hardware. */
export const ipHubEncrypted = {
  ...ipHub,
  id: 'ip-hub-encrypted',
  name: { zh: '无线安防网关（加密）', en: 'Radio hub over IP, encrypted' },
  fingerprint: {
    ...ipHub.fingerprint,
    looks: {
      zh: '与明文型号相同，监控中心一栏里还有“加密密钥”。',
      en: 'As the one in clear; under monitoring station there is a key to enter.',
    },
    frame: /"\*(?:SIA-DCS|NULL)"/u,
  },
  golden: [
    {
      frame: {
        text: '\nC6C50076"*SIA-DCS"0031L0#B200[EC5717C33DF5B0F46F09AC5A857A8A95E30BD5274FBDFCB0170D55AC2DC9AD1594FB8B65FA9DFC258513D5421ED08C0D\r',
      },
      keyHex,
      means: { kind: 'alarm', type: 'panic' },
    },
    {
      frame: {
        text: '\n83C50076"*SIA-DCS"0033L0#B200[EC5717C33DF5B0F46F09AC5A857A8A9561C66568C93CB1ED0AAFCEED25711614FFFF55EE7A79DD25D4C1B491482F7758\r',
      },
      keyHex,
      means: { kind: 'alarm', type: 'sos' },
    },
    {
      frame: {
        text: '\nE31F0076"*SIA-DCS"0032L0#B200[EC5717C33DF5B0F46F09AC5A857A8A95781B9EE64EB16301076442A9BF99102F0E1F3442ED6B1FE2230DD07ECF7DCE36\r',
      },
      keyHex,
      means: { kind: 'alarm', type: 'gas' },
    },
  ],
  installation: {
    zh: '同明文型号，再登记密钥；时间自动同步必须打开。',
    en: 'As the one in clear, with the key registered here and there; its clock must set itself.',
  },
} as const satisfies DeviceModel;
