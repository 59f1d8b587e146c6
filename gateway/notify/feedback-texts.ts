import { ALARM_TYPES, type Lane } from '../../devices/alarm-types.ts';
import type { AlarmMessage } from '../../devices/event.ts';
import type { FeedbackStage } from '../../protocols/mqtt-json/message.ts';

/** What a small screen shows or a voice says; short, plain, and true whoever hears it. */
export const STAGE_TEXTS = {
  claimed: '工作人员正在处理',
  dispatched: '正在派人上门',
  accepted: '已有人出发',
  arrived: '已有人到门口',
  'with-person': '已有人到您身边',
  'handed-over': '已交给急救人员',
  resolved: '已处理完毕，需要时请再按',
} as const satisfies Record<Exclude<FeedbackStage, 'received'>, string>;

const RECEIVED_TEXTS = {
  emergency: '已收到求助，请稍等',
  service: '已收到服务请求，请稍等',
  technical: '已收到',
  test: '测试成功',
} as const satisfies Record<Lane, string>;

/** A cancel closes nothing: an operator asks first, and the person should expect that. */
export function receivedText({ kind, type }: Pick<AlarmMessage, 'kind' | 'type'>): string {
  switch (kind) {
    case 'alarm':
      return RECEIVED_TEXTS[ALARM_TYPES[type].lane];
    case 'cancel':
      return '已收到取消，工作人员会与您确认';
    case 'restored':
    case 'call':
    case 'answer':
      return '已收到';
  }
}
