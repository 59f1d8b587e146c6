import { decodeAlarm } from '../../protocols/mqtt-json/decode-alarm.ts';
import type { MqttAlarm } from '../../protocols/mqtt-json/message.ts';
import { isDeviceAlarmType, type DeviceAlarmType } from '../alarm-types.ts';
import type { AlarmKind, AlarmMessage, Fault } from '../event.ts';

/**
 * What bytes on an MQTT-JSON `alarm` topic mean. Total (promise P2): a type that is missing, or that we have no word
 * for, is `unknown`, which is priority 1.
 */
export function alarmOfMqttJson(payload: Uint8Array): AlarmMessage {
  const { alarm, faults } = decodeAlarm(payload);
  const { declaredType, declaredOf, ...rest } = alarm;
  const { kind, type, fault } = meaningOf(declaredType, declaredOf, faults.some(isAboutTheType));
  return { kind, type, ...rest, faults: fault === undefined ? faults : [...faults, fault] };
}

/** The payload as a whole, or its `type`, is already named as what is wrong. */
function isAboutTheType(fault: Fault): boolean {
  return fault.path === '' || fault.path === '/type';
}

type Meaning = { kind: AlarmKind; type: DeviceAlarmType; fault?: Fault };

function meaningOf(type: MqttAlarm['declaredType'], of: MqttAlarm['declaredOf'], isExplained: boolean): Meaning {
  if (type === 'cancel' || type === 'restored') {
    if (of !== undefined && isDeviceAlarmType(of)) return { kind: type, type: of };
    return {
      kind: type,
      type: 'unknown',
      ...(of === undefined ? {} : { fault: { code: 'unknown-type', path: '/of' } }),
    };
  }
  if (type !== undefined && isDeviceAlarmType(type)) return { kind: 'alarm', type };
  if (isExplained) return { kind: 'alarm', type: 'unknown' };
  return { kind: 'alarm', type: 'unknown', fault: { code: 'unknown-type', path: '/type' } };
}
