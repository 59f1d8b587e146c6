import { RECORD_HEADER_BYTES } from '../../segments/record.ts';
import type { ToWorker } from './messages.ts';

export type Append = Extract<ToWorker, { kind: 'append' }>;

const ID_BYTES = 26;

/**
 * Cuts what waits into batches, in order, each durable by one fsync. The bound keeps one batch from holding up the answer
 * to the alarms in it; a single larger alarm is a batch of its own.
 */
export function planBatches(waiting: readonly Append[], maxBytes: number): Append[][] {
  const batches: Append[][] = [];
  let batch: Append[] = [];
  let bytes = 0;
  for (const append of waiting) {
    const size = RECORD_HEADER_BYTES + ID_BYTES + append.json.length;
    if (batch.length > 0 && bytes + size > maxBytes) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(append);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
