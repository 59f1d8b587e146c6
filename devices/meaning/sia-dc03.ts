import { MAX_ZONE_CHARS } from '../../protocols/mqtt-json/limits.ts';
import { wordsOfSia } from '../../protocols/sia-dc03/codes.ts';
import { decodeSia } from '../../protocols/sia-dc03/decode.ts';
import type { SiaEvent } from '../../protocols/sia-dc03/message.ts';
import type { AlarmMessage } from '../event.ts';
import { unknownAlarm, type ReceiverMeaning } from './receiver-meaning.ts';
import { senseOfSia } from './sia-dc03-types.ts';

/** What a payload means, whoever carried it; never empty. */
export function meaningsOfSiaPayload(payload: string): readonly ReceiverMeaning[] {
  const { payload: sia, faults } = decodeSia(payload);
  if (sia.events.length === 0) return [unknownAlarm([{ code: 'unknown-code', path: '/data' }], sia.text ?? payload)];
  const last = sia.events.length - 1;
  return sia.events.map((event, index) => {
    // The text of an ASCII block is of what stood before it.
    const text = index === last ? [event.text, sia.text].filter((part) => part !== undefined).join(' ') : event.text;
    const { text: _, ...rest } = event;
    const meaning = meaningOfSia(text === undefined || text === '' ? rest : { ...rest, text });
    if (meaning.kind !== 'alarm') return meaning;
    return { ...meaning, message: { ...meaning.message, faults: [...meaning.message.faults, ...faults] } };
  });
}

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
