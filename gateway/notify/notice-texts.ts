import type { AlarmType } from '../../devices/alarm-types.ts';

/** What happened, in plain words that stand behind a person's name. */
const WHAT_HAPPENED = {
  sos: '按下了求助键',
  fall: '可能跌倒了',
  smoke: '家中烟雾报警',
  gas: '家中燃气报警',
  co: '家中一氧化碳报警',
  panic: '发出了紧急求助',
  duress: '需要联系',
  unknown: '的设备发出了报警',
  water: '家中漏水报警',
  inactivity: '较长时间没有活动',
  'door-open': '家中的门一直开着',
  wandering: '可能走失了',
  'bed-exit': '离床未归',
  vitals: '的体征需要关注',
  intrusion: '家中防盗报警',
  call: '一方来电求助',
  service: '提出了服务请求',
  tamper: '的设备被拆动',
  'low-battery': '的设备电量低',
  'mains-lost': '的设备断电',
  'device-fault': '的设备有故障',
  'sensor-loose': '的设备没有戴好',
  'clock-wrong': '的设备时钟不准',
  silent: '的设备没有信号',
  quarantined: '的设备需要检查',
  unprocessed: '的报警需要人工查看',
  'no-coverage': '的区域暂时无人值守',
  system: '的系统需要检查',
  test: '做了一次测试',
} as const satisfies Record<AlarmType, string>;

/** For family and neighbours: what happened and that somebody works on it; never an address, never a diagnosis. */
export function contactText(name: string, type: AlarmType, isResolved: boolean): string {
  const then = isResolved ? '呼叫中心已处理完毕。' : '呼叫中心已收到，正在处理。';
  return `${name}${WHAT_HAPPENED[type]}，${then}`;
}

/** For whoever is asked to go there. */
export function helperText(name: string | null, type: AlarmType, reason: 'step' | 'dispatch'): string {
  const ask = reason === 'dispatch' ? '请您立即上门' : '需要有人上门，请确认是否前往';
  return `${name ?? '有住户'}${WHAT_HAPPENED[type]}，${ask}。`;
}
