import { ipDialer } from './ip-dialer.ts';
import type { DeviceModel } from './model.ts';

const keyHex = '00112233445566778899AABBCCDDEEFF';

/**
 * Modelled on network modules of alarm panels that report Contact ID over IP with AES (SIA DC-09 §5.4.7, `*ADM-CID`). Not
 * tested on hardware.
 */
export const ipDialerEncrypted = {
  ...ipDialer,
  id: 'ip-dialer-encrypted',
  name: { zh: '网络报警拨号器（加密）', en: 'IP alarm dialler, encrypted' },
  fingerprint: {
    ...ipDialer.fingerprint,
    looks: {
      zh: '与明文型号相同，设置里多一项“加密密钥”（32、48 或 64 位十六进制）。',
      en: 'As the one in clear, with one setting more: an encryption key of 32, 48 or 64 hex digits.',
    },
    frame: /"\*(?:ADM-CID|NULL)"/u,
  },
  golden: [
    {
      frame: {
        text: '\n7D6C0076"*ADM-CID"0012L0#4712[FFA46B13A348C528AE1DC27D68A95473158B92C8621D8683A1BABB95F73F0E14A393D398F3E76AAC3702F547E54AF225\r',
      },
      keyHex,
      means: { kind: 'alarm', type: 'sos' },
    },
    {
      frame: {
        text: '\n48260053"*NULL"0000L0#4712[BBEF8EB5D9A29750D62C6E2FE39A906BA2355089BEC5535D42D01D60635F63AC\r',
      },
      keyHex,
      means: 'heartbeat',
    },
  ],
  installation: {
    zh: '同明文型号，再把密钥登记到网关并填入设备，两边必须一致；设备时间与 UTC 相差不超过 20 秒。密钥错误时报警照样响，但标为未验证。',
    en: 'As the one in clear; enter the same key here and there; its clock within 20 s of UTC. With a wrong key it still rings, marked as unverified.',
  },
} as const satisfies DeviceModel;
