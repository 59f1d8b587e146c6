// node reaper.ts <folder>: waits until its standard input closes, which it does at the latest when the process at the
// other end is gone; then kills what works below the folder and removes it, twice: the workers of a killed run end a moment
// after it, and may have begun something meanwhile.
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { killBelow } from './processes-below.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('Usage: node reaper.ts <folder>');
process.stdin.resume();
process.stdin.once('close', () => void reap(folder));

async function reap(path: string): Promise<void> {
  for (const waitMs of [0, 2000]) {
    await delay(waitMs);
    await killBelow(path);
    await rm(path, { recursive: true, force: true });
  }
}
