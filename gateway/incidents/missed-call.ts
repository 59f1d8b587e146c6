import type { CallState } from '../../devices/event.ts';
import type { IncidentFlag } from '../api/contract/incident.ts';
import type { IncidentRecord } from './record.ts';

const FLAG: IncidentFlag = 'missed-call';

/**
 * What the end of a telephone call leaves on its case: somebody must call back, unless somebody spoke since it last rang. Where
 * the line cannot tell whether a call was answered (`ended`) it counts as not answered until somebody says so.
 */
export function noteCall<R extends Pick<IncidentRecord, 'flags' | 'voiceAt' | 'rangAt'>>(
  incident: R,
  call: CallState | undefined,
): R {
  const isOver = call === 'missed' || call === 'ended';
  const { flags, voiceAt, rangAt } = incident;
  const hasSpoken = voiceAt !== null && voiceAt >= rangAt;
  return !isOver || hasSpoken || flags.includes(FLAG) ? incident : { ...incident, flags: [...flags, FLAG] };
}

/** Somebody spoke. */
export function withoutMissedCall(flags: IncidentRecord['flags']): IncidentRecord['flags'] {
  return flags.filter((flag) => flag !== FLAG);
}
