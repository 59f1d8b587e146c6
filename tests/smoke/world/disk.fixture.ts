import { realDisk, type Disk } from '../../../gateway/segments/disk.ts';

export type DiskKind = { readonly syncsAfterMs: number } | 'without-sync';

/** The real disk, with an fsync that comes late or not at all. Runs in the journal's thread. */
export function createDisk(options: unknown): Disk {
  const kind = options as DiskKind;
  if (kind === 'without-sync') return { ...realDisk, syncData: () => undefined };
  const never = new Int32Array(new SharedArrayBuffer(4));
  return {
    ...realDisk,
    syncData: (fd) => {
      Atomics.wait(never, 0, 0, kind.syncsAfterMs);
      realDisk.syncData(fd);
    },
  };
}
