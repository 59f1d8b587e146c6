/** How far an alarm is on either way. `unproven`: Redis has it, but not provably on disk. */
export type JournalSide = 'pending' | 'durable' | 'failed';
export type StreamSide = 'pending' | 'durable' | 'unproven' | 'silent';

/**
 * Promise P1 as a table: acknowledged when one side is durable, refused when neither can become so any more, else the device
 * waits. A silent Redis can still become durable by a later attempt, so it refuses only together with a failed journal.
 */
const VERDICTS = {
  pending: { pending: 'wait', durable: 'ack', unproven: 'wait', silent: 'wait' },
  durable: { pending: 'ack', durable: 'ack', unproven: 'ack', silent: 'ack' },
  failed: { pending: 'wait', durable: 'ack', unproven: 'refuse', silent: 'refuse' },
} as const satisfies Record<JournalSide, Record<StreamSide, 'ack' | 'refuse' | 'wait'>>;

export function judgeDurability(journal: JournalSide, stream: StreamSide): 'ack' | 'refuse' | 'wait' {
  return VERDICTS[journal][stream];
}
