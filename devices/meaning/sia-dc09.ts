import { createHash } from 'node:crypto';
import { decodeAdmCid } from '../../protocols/contact-id/decode.ts';
import { MAX_TEXT_CHARS } from '../../protocols/mqtt-json/limits.ts';
import type { Dc09Fault, Dc09Message } from '../../protocols/sia-dc09/message.ts';
import { payloadOf } from '../../protocols/sia-dc09/payload.ts';
import { meaningOfContactId } from './contact-id.ts';
import { unknownAlarm, type ReceiverMeaning } from './receiver-meaning.ts';
import { meaningsOfSiaPayload } from './sia-dc03.ts';
import { extrasOf } from './sia-dc09-extras.ts';

/**
 * What a decoded frame of DC-09 means: mostly one thing, with SIA several, never none. Total: what cannot be decrypted or read is an alarm of
 * type `unknown`, but for a NULL, which says nothing whatever is in it.
 */
export function meaningsOfDc09(message: Dc09Message, faults: readonly Dc09Fault[]): readonly ReceiverMeaning[] {
  if (message.token === 'NULL') return [{ kind: 'heartbeat' }];
  if (REPLIES.has(message.token)) return [{ kind: 'status', code: message.token }];
  const isSecret = faults.some(({ code }) => code === 'not-decrypted');
  const extras = extrasOf(message);
  // The fault says already why it is unknown.
  const told = isSecret ? [unknownAlarm([])] : tell(message);
  return told.map((meaning, index) => {
    if (meaning.kind !== 'alarm') return meaning;
    const { text, ...rest } = meaning.message;
    const texts = [text, ...extras.texts].filter((part) => part !== undefined && part !== '');
    const sequence = sequenceOf(message, isSecret, index);
    return {
      kind: 'alarm',
      message: {
        ...rest,
        ...(texts.length === 0 ? {} : { text: cut(texts.join(' · ')) }),
        ...(extras.at === undefined ? {} : { at: extras.at }),
        ...(extras.location === undefined ? {} : { location: extras.location }),
        ...(sequence === undefined ? {} : { sequence }),
        faults: [...faults, ...rest.faults],
      },
    };
  });
}

/** Answers of a receiver: a panel has no business to send one, and it asks for nobody. */
const REPLIES: ReadonlySet<string> = new Set(['ACK', 'NAK', 'DUH', 'RSP']);

function tell(message: Dc09Message): readonly ReceiverMeaning[] {
  const { payload } = payloadOf(message.data);
  if (payload === '') return [unknownAlarm([{ code: 'empty', path: '/data' }])];
  switch (message.token) {
    case 'ADM-CID': {
      const decoded = decodeAdmCid(payload);
      return [decoded.ok ? meaningOfContactId(decoded.value) : unread(payload, '/data')];
    }
    case 'SIA-DCS':
      return meaningsOfSiaPayload(payload);
    default:
      return [unread(payload, '/token')];
  }
}

function unread(payload: string, path: string): ReceiverMeaning {
  return unknownAlarm([{ code: 'unknown-code', path }], payload);
}

/**
 * What stays the same when a panel sends a frame again: receiver, line, number and what it says, without the time of sending; of a frame that nobody can
 * read not what it says, since the time is encrypted with it. The number 0 numbers nothing, so such frames have no sequence, and two presses
 * under it stay two.
 */
function sequenceOf(message: Dc09Message, isSecret: boolean, index: number): string | undefined {
  const { receiver, line, sequence, token, data, xdata } = message;
  if (sequence === 0) return undefined;
  const content = JSON.stringify(isSecret ? [token] : [token, data, xdata]);
  const said = createHash('sha256').update(content).digest('base64url').slice(0, 22);
  return `R${receiver ?? ''}L${line ?? ''}/${sequence}/${said}/${index}`;
}

function cut(text: string): string {
  return text.slice(0, MAX_TEXT_CHARS).toWellFormed().replaceAll('\0', '\u{FFFD}');
}
