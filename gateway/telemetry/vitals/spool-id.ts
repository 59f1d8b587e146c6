import { join } from 'node:path';
import type { Disk } from '../../segments/disk.ts';

const FILE = 'id';
const PATTERN = /^[A-Za-z0-9._-]{1,128}$/;

/** The name under which the database keeps how far it is with these files; made once and kept beside them. */
export function loadSpoolId(disk: Disk, folder: string, make: () => string): string {
  const found = disk.list(folder).includes(FILE) ? read(disk, join(folder, FILE)) : '';
  return PATTERN.test(found) ? found : renewSpoolId(disk, folder, make);
}

/** Durable when it returns: under another name everything would be sent once more. */
export function renewSpoolId(disk: Disk, folder: string, make: () => string): string {
  const path = join(folder, FILE);
  const id = make();
  if (disk.list(folder).includes(FILE)) disk.remove(path);
  const fd = disk.open(path, 'create');
  try {
    const bytes = Buffer.from(id);
    for (let done = 0; done < bytes.length;) done += disk.write(fd, bytes.subarray(done), done);
    disk.syncFile(fd);
  } finally {
    disk.close(fd);
  }
  disk.syncFolder(folder);
  return id;
}

function read(disk: Disk, path: string): string {
  const fd = disk.open(path, 'read');
  try {
    const bytes = Buffer.alloc(256);
    return bytes.toString('utf8', 0, disk.read(fd, bytes, 0));
  } finally {
    disk.close(fd);
  }
}
