import type { SurGardMessage } from '../../protocols/sur-gard/message.ts';
import type { AlarmMessage } from '../event.ts';
import { meaningOfContactId } from './contact-id.ts';
import { unknownAlarm, type ReceiverMeaning } from './receiver-meaning.ts';
import { meaningsOfSiaPayload } from './sia-dc03.ts';
import { BASIC_SENSES, OWN_SENSES } from './sur-gard-types.ts';

/** What a line of an alarm receiver means: mostly one thing, a SIA block may say several. Never empty, total. */
export function meaningsOfSurGard(message: SurGardMessage): readonly ReceiverMeaning[] {
  switch (message.kind) {
    case 'heartbeat':
      return [{ kind: 'heartbeat' }];
    case 'contact-id':
      return [meaningOfContactId(message.event)];
    case 'sia':
      return meaningsOfSiaPayload(message.data);
    case 'basic':
      return [meaningOfBasic(message)];
  }
}

/** What nobody can read rings, with its text for whoever takes it. */
export function meaningOfUnread(text: string): ReceiverMeaning {
  return unknownAlarm([{ code: 'bad-field', path: '' }], text);
}

function meaningOfBasic(message: Extract<SurGardMessage, { readonly kind: 'basic' }>): ReceiverMeaning {
  const code = `${message.event}${message.area}${message.code}`.trim();
  const zone = message.code.trim();
  const senses = /^0+$/.test(message.account) ? OWN_SENSES : BASIC_SENSES;
  const sense = Object.hasOwn(senses, message.event) ? senses[message.event] : undefined;
  if (sense === undefined) {
    return alarm({ kind: 'alarm', type: 'unknown', faults: [{ code: 'unknown-code', path: '/event' }] }, code, zone);
  }
  if (sense.kind === 'status') return { kind: 'status', code };
  if (sense.kind === 'cancel') return alarm({ kind: 'cancel', type: 'unknown', faults: [] }, code, zone);
  return alarm({ ...sense, faults: [] }, code, zone);
}

function alarm(message: AlarmMessage, text: string, zone: string): ReceiverMeaning {
  return { kind: 'alarm', message: { ...message, ...(zone === '' ? {} : { zone }), text } };
}
