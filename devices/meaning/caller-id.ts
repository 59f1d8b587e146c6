import type { AlarmMessage, Caller, CallState } from '../event.ts';

/**
 * What a telephone call means. From a device's number it is the device's key (a one-key phone does nothing else), from any
 * other a `call`. That it rings is the alarm; how it went on is a note to the case.
 */
export function alarmOfCall(call: CallState, { whose }: Pick<Caller, 'whose'>): AlarmMessage {
  return {
    kind: call === 'ringing' ? 'alarm' : 'call',
    type: whose === 'device' ? 'sos' : 'call',
    call,
    faults: [],
  };
}
