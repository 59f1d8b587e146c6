import type { ModelProtocol, SmsPattern } from '../../devices/catalog/model.ts';
import type { AlarmMessage } from '../../devices/event.ts';
import { createSecrecy } from '../../devices/links/sia-dc09/aes-cipher.ts';
import { textOfBody } from '../../devices/links/gsm/sms-text.ts';
import { alarmOfCall } from '../../devices/meaning/caller-id.ts';
import { describeMeaning } from '../../devices/meaning/describe-message.ts';
import { alarmOfMqttJson } from '../../devices/meaning/mqtt-json.ts';
import type { ReceiverMeaning } from '../../devices/meaning/receiver-meaning.ts';
import { meaningsOfDc09 } from '../../devices/meaning/sia-dc09.ts';
import { meaningOfSms } from '../../devices/meaning/sms.ts';
import { meaningsOfSurGard } from '../../devices/meaning/sur-gard.ts';
import { decodeBoxLine } from '../../protocols/caller-id/decode-box.ts';
import { decodeModemLine } from '../../protocols/caller-id/decode-modem.ts';
import { LineFramer } from '../../protocols/caller-id/framer.ts';
import { decodeStatus } from '../../protocols/mqtt-json/decode-status.ts';
import { decodeDc09 } from '../../protocols/sia-dc09/decode.ts';
import { decodeIncoming } from '../../protocols/sms-pdu/decode-incoming.ts';
import { createSurGardDecoder } from '../../protocols/sur-gard/decode.ts';
import { DC4, DEFAULT_WIDTHS, type SurGardWidths } from '../../protocols/sur-gard/limits.ts';

/** What else is to be known to read a frame. */
export type FrameContext = {
  /** Of the account, for encrypted frames of DC-09. */
  readonly key?: Uint8Array | null;
  /** Of the model whose SMS it is; without them no text is known. */
  readonly patterns?: readonly SmsPattern[];
  /** What an MQTT payload was published as; `alarm` when absent. */
  readonly topic?: 'alarm' | 'status';
  readonly widths?: SurGardWidths;
};

/** What a frame means, or why it is none: a code of the decoder. */
export type Explained = { readonly meanings: readonly ReceiverMeaning[] } | { readonly refused: string };

/** Reads a frame as the gateway's links would, without asking whose it is. A call is explained as one from a device's number. Total. */
export function explainFrame(protocol: ModelProtocol, frame: Uint8Array, context: FrameContext = {}): Explained {
  switch (protocol) {
    case 'mqtt-json':
      return explainMqtt(frame, context);
    case 'sia-dc09':
      return explainDc09(frame, context.key ?? null);
    case 'sur-gard':
      return explainSurGard(frame, context.widths ?? DEFAULT_WIDTHS);
    case 'caller-id':
      return explainCall(frame);
    case 'sms':
      return explainSms(textOfSms(new TextDecoder().decode(frame)), context.patterns ?? []);
  }
}

/** In a few words, as the trace has it. */
export function describeExplained(explained: Explained): string {
  if ('refused' in explained) return `not read: ${explained.refused}`;
  return explained.meanings.map((meaning) => describeMeaning(meaning, 'verified')).join('; ');
}

function explainMqtt(payload: Uint8Array, { topic }: FrameContext): Explained {
  if (topic !== 'status') return alarm(alarmOfMqttJson(payload));
  return decodeStatus(payload).ok ? { meanings: [{ kind: 'heartbeat' }] } : { refused: 'bad-status' };
}

function explainDc09(frame: Uint8Array, key: Uint8Array | null): Explained {
  const cipher = key === null ? null : (createSecrecy(key)?.cipher ?? null);
  const decoded = decodeDc09(frame, { cipherFor: () => cipher });
  return decoded.ok ? { meanings: meaningsOfDc09(decoded.message, decoded.faults) } : { refused: decoded.reason };
}

function explainSurGard(frame: Uint8Array, widths: SurGardWidths): Explained {
  const decoded = createSurGardDecoder(widths)(frame.at(-1) === DC4 ? frame.subarray(0, -1) : frame);
  return decoded.ok ? { meanings: meaningsOfSurGard(decoded.message) } : { refused: decoded.reason };
}

/** A modem tells a call in several lines, a box in one. */
function explainCall(lines: Uint8Array): Explained {
  const told = new LineFramer()
    .push(Uint8Array.from([...lines, 0x0d]))
    .map((line) => [decodeModemLine(line), decodeBoxLine(line)]);
  const hasNumber = (dialect: 0 | 1): boolean =>
    told.some((line) => line[dialect]?.kind === 'caller' && line[dialect].number !== undefined);
  if (hasNumber(0) || hasNumber(1)) return alarm(alarmOfCall('ringing', { whose: 'device' }));
  const isRing = told.some(([modem, box]) => modem?.kind === 'ring' || box?.kind === 'ring');
  return isRing ? alarm(alarmOfCall('ringing', { whose: 'withheld' })) : { refused: 'no-call' };
}

/** The trace keeps the PDUs of a message, one a line; a text may stand for itself. */
function textOfSms(frame: string): string {
  const pdus = frame.split('\n');
  if (!pdus.every((pdu) => /^(?:[0-9A-F]{2}){12,}$/.test(pdu))) return frame;
  const messages = pdus.map((pdu) => decodeIncoming(pdu).message);
  return messages.map((message) => (message.kind === 'deliver' ? textOfBody(message.body) : '')).join('');
}

function explainSms(text: string, patterns: readonly SmsPattern[]): Explained {
  const sms = { id: 'replayed', at: null, text, isFromService: false, isAwaited: false, faults: [] };
  const meaning = meaningOfSms(sms, 'device', { ofModel: patterns, ofAll: patterns });
  return meaning === 'heartbeat' ? { meanings: [{ kind: 'heartbeat' }] } : alarm(meaning);
}

function alarm(message: AlarmMessage): Explained {
  return { meanings: [{ kind: 'alarm', message }] };
}
