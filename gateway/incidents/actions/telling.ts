import { formatIso } from '../../clock.ts';
import { isOpen } from '../record.ts';
import { keepGiven, logNothing, type ActionTable } from './action.ts';

/** What somebody did, heard or saw. */
export const TELLING = {
  note: {
    onColleagues: 'anybody',
    isForHelpers: false,
    // On a colleague's case a note takes no part in it; on an unowned one it claims.
    event: ({ incident, actor }) =>
      isOpen(incident) && (incident.ownerId === null || incident.ownerId === actor.id) ? 'step' : 'comment',
    log: ({ text }) => ({ data: {}, personal: { text } }),
  },
  contact: {
    onColleagues: 'anybody',
    isForHelpers: false,
    event: () => 'step',
    log: ({ kind, text }) => ({ data: { kind }, personal: keepGiven({ text }) }),
    isVoice: ({ kind }) => kind === 'spoke-with-person' || kind === 'spoke-with-someone-beside-them',
  },
  call: {
    onColleagues: 'anybody',
    isForHelpers: false,
    event: () => 'step',
    log: ({ contactId, number, result }) => ({
      data: keepGiven({ contactId, result }) ?? {},
      personal: keepGiven({ number }),
    }),
    isVoice: ({ result }) => result === 'answered',
  },
  seen: {
    onColleagues: 'anybody',
    isForHelpers: true,
    event: () => 'seen',
    log: ({ received, painted, sounded }) => ({
      data:
        keepGiven({ received: readTime(received), painted: readTime(painted), sounded: readTime(sounded) }) ??
        logNothing().data,
      personal: null,
    }),
  },
} as const satisfies ActionTable<'note' | 'contact' | 'call' | 'seen'>;

/** A console's own clock, written anew: whatever else came in the field does not reach the log. */
function readTime(text: string | undefined): string | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : formatIso(at);
}
