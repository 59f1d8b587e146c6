import fc from 'fast-check';
import { expect, test } from 'vitest';
import { READING_FLAGS } from '../../../../devices/reading.ts';
import type { Observation } from '../../../../gateway/telemetry/observation.ts';
import { Shedder } from '../../../../gateway/telemetry/vitals/shedder.ts';
import { segmentName } from '../../../../gateway/telemetry/vitals/segment-name.ts';
import { Spool, type SpoolSegment } from '../../../../gateway/telemetry/vitals/spool.ts';
import { decodeChunk } from '../../../../gateway/telemetry/vitals/spool-reader.ts';
import { SPAN_MS } from '../../../../gateway/telemetry/vitals/thin-payloads.ts';
import { countWorths, worthOf } from '../../../../gateway/telemetry/vitals/thin.ts';
import { MemoryDisk } from '../../segments/memory-disk.ts';
import { payloadOf, rowOf } from './messages.ts';

type File = { readonly segment: SpoolSegment; readonly messages: readonly (readonly Observation[])[] };

/** As bytes that stand in a file; 13 of each record are its frame. */
const sizeOf = (messages: File['messages']): number =>
  messages.reduce((sum, rows) => sum + (rows.length === 0 ? 0 : 13 + payloadOf(...rows).length), 0);

const onlyVital = ({ messages }: File) => messages.map((rows) => rows.filter((row) => worthOf(row) === 'vital'));

/** The plain way: a reading stays that is the first lowest or the first highest of its five minutes. */
function onlyExtremes(file: File): Observation[][] {
  const vital = onlyVital(file);
  const keyOf = ({ deviceId, metric, ts }: Observation) => `${deviceId} ${metric} ${Math.floor(ts / SPAN_MS)}`;
  const all = vital.flat();
  return vital.map((rows) =>
    rows.filter((row) => {
      const alike = all.filter((other) => keyOf(other) === keyOf(row));
      const values = alike.map(({ value }) => value);
      const first = (value: number) => alike.find((other) => other.value === value);
      return row === first(Math.min(...values)) || row === first(Math.max(...values));
    }),
  );
}

const anyMessage = fc
  .array(
    fc.record({
      device: fc.constantFrom('a', 'b'),
      kind: fc.constantFrom('vital', 'vital', 'vital', 'everyday', 'flagged'),
      atMs: fc.integer({ min: 0, max: 3 * SPAN_MS }),
      value: fc.integer({ min: 60, max: 64 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((rows) =>
    rows.map(({ kind, atMs, value }) =>
      rowOf(rows[0]?.device ?? 'a', atMs, {
        value,
        receivedAt: 1,
        ...(kind === 'everyday' ? { metric: 'steps' } : {}),
        ...(kind === 'flagged' ? { flags: READING_FLAGS.poor } : {}),
      }),
    ),
  );

test('step by step readings of the least worth go first, of one file at a time, and all that goes is counted', () => {
  fc.assert(
    fc.property(fc.array(anyMessage, { minLength: 1, maxLength: 60 }), (messages) => {
      const memory = new MemoryDisk();
      const spool = new Spool({ disk: memory.disk, folder: '/spool', segmentBytes: 500, condemned: () => undefined });
      spool.open();
      for (const rows of messages) spool.append([payloadOf(...rows)]);
      const look = (): File[] =>
        spool.segments().map((segment) => ({
          segment,
          messages: decodeChunk(memory.content(segmentName(segment)), true).records.map(({ rows }) => rows),
        }));
      const shedder = new Shedder({
        ...{ disk: memory.disk, spool, reading: () => null, stored: () => -1 },
        failed: (cause) => expect.unreachable(cause),
      });
      const hasLess = (file: File, then: File['messages']): boolean =>
        file.segment.bytes - sizeOf(then) >= 0.1 * file.segment.bytes;
      const mostSteps = 3 * spool.segments().length;
      for (let step = 0, before = look(); ; step += 1) {
        expect(step).toBeLessThanOrEqual(mostSteps);
        const gone = shedder.step();
        if (gone === null) break;
        const after = look();
        const others = before.slice(0, -1);
        const changed = before.filter(
          ({ segment }) => !after.some((file) => segmentName(file.segment) === segmentName(segment)),
        );
        expect(changed.length).toBeLessThanOrEqual(1);
        const left = countWorths(after.flatMap((file) => file.messages.flat()));
        const was = countWorths(before.flatMap((file) => file.messages.flat()));
        expect(gone).toEqual({
          flagged: was.flagged - left.flagged,
          everyday: was.everyday - left.everyday,
          vital: was.vital - left.vital,
        });
        const [file] = changed;
        const now = after.find(({ segment }) => segment.first === file?.segment.first);
        if (file !== undefined && now === undefined) {
          // Whole: it is the oldest, and no file has anything left to thin.
          expect(file).toBe(others[0]);
          expect(others.filter((other) => hasLess(other, onlyExtremes(other)))).toEqual([]);
        } else if (file !== undefined && gone.vital > 0) {
          expect(others.filter((other) => hasLess(other, onlyVital(other)))).toEqual([]);
          expect(now?.messages).toEqual(onlyExtremes(file).filter((rows) => rows.length > 0));
        } else if (file !== undefined) {
          const kept = [onlyVital(file), onlyExtremes(file)].map((rows) => rows.filter(({ length }) => length > 0));
          expect(kept).toContainEqual(now?.messages);
        }
        before = after;
      }
      expect(spool.segments()).toHaveLength(1);
    }),
    { numRuns: 150 },
  );
});
