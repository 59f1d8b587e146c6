import type { DeviceModel } from './model.ts';

/**
 * Modelled on network modules of alarm panels that report Contact ID over IP in clear (SIA DC-09, `ADM-CID`). Not tested on
 * hardware.
 */
export const ipDialer = {
  id: 'ip-dialer',
  name: { zh: '网络报警拨号器', en: 'IP alarm dialler' },
  mobility: 'fixed',
  protocol: 'sia-dc09',
  heartbeatS: 60,
  keys: [{ colour: 'red', raises: 'sos' }],
  raises: ['smoke', 'panic', 'duress', 'mains-lost', 'low-battery', 'tamper'],
  metrics: [],
  voice: false,
  dials120: false,
  battery: { tells: 'alarm', lowPct: null },
  fingerprint: {
    looks: {
      zh: '报警主机内的网络模块，设置里有“ADM-CID”“接收机 IP”“账号”。',
      en: 'A network module inside an alarm panel; its settings say ADM-CID, receiver address, account.',
    },
    frame: /"ADM-CID"/u,
    codes: ['100', '101', '110', '120', '121', '137', '301', '302', '602'],
  },
  golden: [
    {
      frame: { text: '\n4CB2003B"ADM-CID"0007L0#4711[#4711|1101 00 003]_08:00:00,03-01-2026\r' },
      means: { kind: 'alarm', type: 'sos' },
    },
    {
      frame: { text: '\n7CC2003B"ADM-CID"0008L0#4711[#4711|1302 00 000]_08:00:00,03-01-2026\r' },
      means: { kind: 'alarm', type: 'low-battery' },
    },
    {
      frame: { text: '\nC8AE003B"ADM-CID"0009L0#4711[#4711|3302 00 000]_08:00:00,03-01-2026\r' },
      means: { kind: 'restored', type: 'low-battery' },
    },
    { frame: { text: '\n22BA0027"NULL"0000L0#4711[]_08:00:00,03-01-2026\r' }, means: 'heartbeat' },
  ],
  instructions: { zh: '需要帮助时按墙上的红键。', en: 'Press the red key on the wall when you need help.' },
  installation: {
    zh: '填入网关的 IP、端口、账号，格式 ADM-CID，心跳 60 秒，时间同步到 UTC。明文线路上任何人都能冒充：有加密选项就用加密型号。逐个触发。',
    en: "Enter the gateway's address, port and the account; format ADM-CID, supervision every 60 s, its clock in UTC. In clear anybody can speak in its name: use encryption where it has it. Set off each zone.",
  },
} as const satisfies DeviceModel;
