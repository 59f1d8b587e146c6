import type { DeviceModel } from './model.ts';

/**
 * Modelled on base stations of social alarms (EN 50134) with a radio trigger, in their models that report Contact ID over IP
 * (SIA DC-09). Not tested on hardware.
 */
export const radioPendantBase = {
  id: 'radio-pendant-base',
  name: { zh: '挂坠主机（网络）', en: 'Pendant with IP base station' },
  mobility: 'fixed',
  protocol: 'sia-dc09',
  heartbeatS: 90,
  keys: [{ colour: 'red', raises: 'sos' }],
  raises: ['inactivity', 'low-battery', 'mains-lost'],
  metrics: [],
  voice: true,
  dials120: false,
  battery: { tells: 'alarm', lowPct: null },
  fingerprint: {
    looks: {
      zh: '桌上的免提主机配防水挂坠，插网线；挂坠只在家中有效。',
      en: 'A hands-free base on the table with a waterproof trigger, on the network; the trigger works at home only.',
    },
    frame: /"ADM-CID"/u,
    codes: ['101', '102', '301', '302', '384', '602'],
  },
  golden: [
    {
      frame: { text: '\nB5C6003B"ADM-CID"0101L0#5200[#5200|1101 00 001]_08:00:00,03-01-2026\r' },
      means: { kind: 'alarm', type: 'sos' },
    },
    {
      frame: { text: '\nAF5F003B"ADM-CID"0103L0#5200[#5200|1102 00 001]_08:00:00,03-01-2026\r' },
      means: { kind: 'alarm', type: 'inactivity' },
    },
    {
      frame: { text: '\nC69D003B"ADM-CID"0102L0#5200[#5200|1384 00 001]_08:00:00,03-01-2026\r' },
      means: { kind: 'alarm', type: 'low-battery' },
    },
    { frame: { text: '\n08D30027"NULL"0000L0#5200[]_08:00:00,03-01-2026\r' }, means: 'heartbeat' },
  ],
  instructions: {
    zh: '在家里任何地方按住挂坠，主机会响，直接对着主机说话。',
    en: 'Hold the trigger anywhere at home; the base sounds, and you speak to it.',
  },
  installation: {
    zh: '主机放在屋子中间，填入网关地址、端口和账号，心跳 90 秒。走遍每间房按一次（含阳台、浴室）。拔网线，90 秒后应报警。',
    en: 'Put the base in the middle of the home; enter address, port and account of the gateway, supervision every 90 s. Press in every room, balcony and bathroom too. Unplug the network: its silence must show.',
  },
} as const satisfies DeviceModel;
