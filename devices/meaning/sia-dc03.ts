import { wordsOfSia } from '../../protocols/sia-dc03/codes.ts';
import type { SiaEvent } from '../../protocols/sia-dc03/message.ts';
import type { AlarmMessage } from '../event.ts';
import type { ReceiverMeaning } from './receiver-meaning.ts';
import { senseOfSia } from './sia-dc03-types.ts';

/**
 * What an event of SIA DC-03 means. Total: a code without a meaning is an alarm of type `unknown`. The code as it was sent stands in
 * `text`, with its words and the panel's own.
 */
export function meaningOfSia(event: SiaEvent): ReceiverMeaning {
  const sense = senseOfSia(event.code);
  if (sense === undefined) {
    return alarm(event, { kind: 'alarm', type: 'unknown', faults: [{ code: 'unknown-code', path: '/code' }] });
  }
  if (sense.kind === 'heartbeat') return { kind: 'heartbeat' };
  if (sense.kind === 'status') return { kind: 'status', code: codeOf(event) };
  return alarm(event, { ...sense, faults: [] });
}

function codeOf({ code, zone, area }: SiaEvent): string {
  return `${code}${zone ?? ''}${area === undefined ? '' : ` ri${area}`}`;
}

function alarm(event: SiaEvent, message: AlarmMessage): ReceiverMeaning {
  const words = wordsOfSia(event.code);
  const said = words === undefined ? codeOf(event) : `${codeOf(event)} ${words.zh} / ${words.en}`;
  return {
    kind: 'alarm',
    message: {
      ...message,
      ...(event.zone === undefined ? {} : { zone: event.zone.slice(0, MAX_ZONE_CHARS) }),
      text: event.text === undefined ? said : `${said}: ${event.text}`,
    },
  };
}

/** As in the contract of MQTT-JSON. */
const MAX_ZONE_CHARS = 64;
