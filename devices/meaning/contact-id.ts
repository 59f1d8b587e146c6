import { wordsOfContactId } from '../../protocols/contact-id/codes.ts';
import { encodeAdmCid } from '../../protocols/contact-id/encode.ts';
import type { ContactIdEvent } from '../../protocols/contact-id/message.ts';
import type { AlarmMessage } from '../event.ts';
import { senseOfContactId } from './contact-id-types.ts';
import type { ReceiverMeaning } from './receiver-meaning.ts';

/**
 * What an event of Contact ID means. Total: a code without a meaning is an alarm of type `unknown`. `still` counts as new: who was told
 * before joins its case, who was not rings. The code as it was sent stands in `text`, with its words.
 */
export function meaningOfContactId(event: ContactIdEvent): ReceiverMeaning {
  const sense = senseOfContactId(event.code);
  const isOver = event.qualifier === 'restored';
  if (sense === 'heartbeat') return { kind: 'heartbeat' };
  // The end of a test asks for nobody.
  if (sense === 'status' || (sense === 'test' && isOver)) return { kind: 'status', code: encodeAdmCid(event) };
  if (sense === undefined) {
    return alarm(event, {
      kind: isOver ? 'restored' : 'alarm',
      type: 'unknown',
      faults: [{ code: 'unknown-code', path: '/code' }],
    });
  }
  if (sense === 'cancel') return alarm(event, { kind: 'cancel', type: 'unknown', faults: [] });
  return alarm(event, { kind: isOver ? 'restored' : 'alarm', type: sense, faults: [] });
}

function alarm(event: ContactIdEvent, message: AlarmMessage): ReceiverMeaning {
  const words = wordsOfContactId(event.code);
  const code = encodeAdmCid(event);
  return {
    kind: 'alarm',
    message: {
      ...message,
      ...(words?.names === 'user' || event.zone === '000' ? {} : { zone: event.zone }),
      text: words === undefined ? code : `${code} ${words.zh} / ${words.en}`,
    },
  };
}
