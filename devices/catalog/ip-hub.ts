import type { DeviceModel } from './model.ts';

/**
 * Modelled on radio hubs of alarm systems that report to a monitoring station over IP (SIA DC-09, `SIA-DCS`). Not tested on
 * hardware.
 */
export const ipHub = {
  id: 'ip-hub',
  name: { zh: '无线安防网关', en: 'Radio hub over IP' },
  mobility: 'fixed',
  protocol: 'sia-dc09',
  heartbeatS: 60,
  keys: [{ colour: 'red', raises: 'sos' }],
  raises: ['smoke', 'gas', 'co', 'water', 'panic', 'duress', 'mains-lost', 'low-battery', 'tamper'],
  metrics: [],
  voice: false,
  dials120: false,
  battery: { tells: 'alarm', lowPct: null },
  fingerprint: {
    looks: {
      zh: '手机应用设置的白色网关，监控中心一栏里选“SIA DC-09”。',
      en: 'A white hub set up with an app; under monitoring station it offers SIA DC-09.',
    },
    frame: /"SIA-DCS"/u,
    codes: ['QA', 'PA', 'HA', 'FA', 'GA', 'WA', 'AT', 'AR', 'YT', 'YR', 'TA', 'RP'],
  },
  golden: [
    {
      frame: { text: '\n1EB5003A"SIA-DCS"0021L0#A100[#A100|Nri1/QA002]_08:00:00,03-01-2026\r' },
      means: { kind: 'alarm', type: 'sos' },
    },
    {
      frame: { text: '\nCD49003A"SIA-DCS"0022L0#A100[#A100|Nri1/FA005]_08:00:00,03-01-2026\r' },
      means: { kind: 'alarm', type: 'smoke' },
    },
    { frame: { text: '\n02230027"NULL"0000L0#A100[]_08:00:00,03-01-2026\r' }, means: 'heartbeat' },
  ],
  instructions: {
    zh: '按红色按钮求助；烟雾和燃气会自动报警。',
    en: 'Press the red button for help; smoke and gas tell by themselves.',
  },
  installation: {
    zh: '在应用里填入监控中心 IP、端口、账号（对象编号），心跳 60 秒。红色按钮的事件设为“医疗”或“个人求助”，不要设为“入侵”。逐个触发。',
    en: 'Enter address, port and account of the station in its app, supervision every 60 s. Set the red button to medical or personal emergency, not to burglary. Set off each sensor.',
  },
} as const satisfies DeviceModel;
