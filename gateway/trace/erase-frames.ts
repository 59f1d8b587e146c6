import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Pool } from 'pg';
import { formatIso } from '../clock.ts';
import { queryRows } from '../store/postgres.ts';
import { findLines } from './find-lines.ts';
import type { FrameFiles } from './frame-files.ts';
import { beginOfDevice, parseLine, partOfEvent } from './frame-line.ts';

/** Frames up to a moment that are to go: of a device, or what became an alarm. One of both is null. */
export type ErasedFrames = {
  readonly erasureId: string;
  readonly deviceId: string | null;
  readonly eventId: string | null;
  readonly untilMs: number;
};

/**
 * What goes with the people who were erased since then: frames of devices that they wore or had with others, and of those of their home
 * that nobody wore; another person's frames on a shared device go with them: a trace is no file that anybody needs. And every
 * frame, whoever sent it, whose alarm was erased: their own telephone is no device. @throws StoreError
 */
export async function loadErasedFrames(pool: Pool, sinceMs: number): Promise<ErasedFrames[]> {
  return queryRows<ErasedFrames>(
    pool,
    'find frames of who was erased',
    `select e.id::text as "erasureId", b.device_id as "deviceId", null as "eventId",
       (extract(epoch from e.erased_at) * 1000)::float8 as "untilMs"
     from erasures e
     join residents p on p.id = e.resident_id
     join device_bindings b on exists (
         select from device_binding_residents r
         where r.device_id = b.device_id and r.number = b.number and r.resident_id = e.resident_id)
       or (b.home_id = p.home_id and not exists (
         select from device_binding_residents r where r.device_id = b.device_id and r.number = b.number))
     where e.erased_at >= $1 and b.bound_from <= e.erased_at
     union
     select e.id::text, null, v.id, (extract(epoch from e.erased_at) * 1000)::float8
     from erasures e
     join lateral (
       select * from events where id = any(e.event_ids)
       union all
       select * from events where incident_id = any(e.incident_ids)) v on v.erased_why = 'erasure' and v.received_at >= $1
     where e.erased_at >= $1`,
    [formatIso(sinceMs)],
  );
}

/** Writes spaces over their frames. Answers how many. Done twice it finds nothing the second time. Throws what `node:fs` throws. */
export async function eraseFrames(
  files: Pick<FrameFiles, 'list' | 'read' | 'blank'>,
  frames: readonly Omit<ErasedFrames, 'erasureId'>[],
): Promise<number> {
  let erased = 0;
  for (const file of files.list()) {
    const bytes = await files.read(file);
    const found = frames.flatMap(({ deviceId, eventId, untilMs }) =>
      findLines(bytes, Buffer.from(eventId === null ? beginOfDevice(deviceId) : partOfEvent(eventId))).filter(
        ({ from, to }) => {
          const frame = parseLine(bytes.toString('utf8', from, to));
          return frame === null || frame.at <= untilMs;
        },
      ),
    );
    // One that goes for its device and for its alarm goes once.
    const ranges = [...new Map(found.map((range) => [range.from, range])).values()];
    if (ranges.length > 0) await files.blank(file, ranges);
    erased += ranges.length;
    await nextTurn();
  }
  return erased;
}
