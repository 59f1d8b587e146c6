import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Pool } from 'pg';
import { formatIso } from '../clock.ts';
import { queryRows } from '../store/postgres.ts';
import { findLines } from './find-lines.ts';
import type { FrameFiles } from './frame-files.ts';
import { beginOfDevice, parseLine } from './frame-line.ts';

/** A device whose frames up to a moment are to go. */
export type ErasedDevice = { readonly erasureId: string; readonly deviceId: string; readonly untilMs: number };

/**
 * Devices of people who were erased since then: those that they wore or had with others, and those of their home that nobody
 * wore. Another person's frames on a shared device go with them: a trace is no file that anybody needs. @throws StoreError
 */
export async function loadErasedDevices(pool: Pool, sinceMs: number): Promise<ErasedDevice[]> {
  return queryRows<ErasedDevice>(
    pool,
    'find devices of who was erased',
    `select distinct e.id::text as "erasureId", b.device_id as "deviceId",
       (extract(epoch from e.erased_at) * 1000)::float8 as "untilMs"
     from erasures e
     join residents p on p.id = e.resident_id
     join device_bindings b on exists (
         select from device_binding_residents r
         where r.device_id = b.device_id and r.number = b.number and r.resident_id = e.resident_id)
       or (b.home_id = p.home_id and not exists (
         select from device_binding_residents r where r.device_id = b.device_id and r.number = b.number))
     where e.erased_at >= $1 and b.bound_from <= e.erased_at`,
    [formatIso(sinceMs)],
  );
}

/** Writes spaces over their frames. Answers how many. Done twice it finds nothing the second time. Throws what `node:fs` throws. */
export async function eraseFrames(
  files: Pick<FrameFiles, 'list' | 'read' | 'blank'>,
  devices: readonly Pick<ErasedDevice, 'deviceId' | 'untilMs'>[],
): Promise<number> {
  let erased = 0;
  for (const file of files.list()) {
    const bytes = await files.read(file);
    const ranges = devices.flatMap(({ deviceId, untilMs }) =>
      findLines(bytes, Buffer.from(beginOfDevice(deviceId))).filter(({ from, to }) => {
        const frame = parseLine(bytes.toString('utf8', from, to));
        return frame === null || frame.at <= untilMs;
      }),
    );
    if (ranges.length > 0) await files.blank(file, ranges);
    erased += ranges.length;
    await nextTurn();
  }
  return erased;
}
