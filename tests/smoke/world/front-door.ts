import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterwards } from '../../harness/cleanup.ts';
import { scratchDir } from '../../harness/scratch.ts';
import type { Credentials } from './device.ts';
import type { DiskKind } from './disk.fixture.ts';

export type FrontDoor = { readonly pid: number; readonly device: Credentials; readonly dc09Port: number };

/**
 * Links and ingest of a gateway in a process of their own, on a disk whose fsync the test chooses; with an alarm receiver on a serial
 * port where one is named. It ends with the test.
 */
export async function startFrontDoor(redisUrl: string, disk: DiskKind, serialPath = ''): Promise<FrontDoor> {
  const folder = await scratchDir();
  const program = join(import.meta.dirname, 'front-door.fixture.ts');
  const child = spawn(process.execPath, [program, folder, redisUrl, JSON.stringify(disk), serialPath], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  afterwards(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { pid, mqtt, dc09 } = JSON.parse(line.toString()) as Record<'pid' | 'mqtt' | 'dc09', number>;
  const mqttUrl = `mqtt://127.0.0.1:${mqtt}`;
  return { pid, device: { deviceId: 'd1', username: 'd1', password: 'any', mqttUrl }, dc09Port: dc09 };
}
