// node reaper.ts <folder>: waits until its standard input closes, which it does at the latest when the process at the
// other end is gone; then kills what works below the folder and removes it.
import { rm } from 'node:fs/promises';
import { killBelow } from './processes-below.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('Usage: node reaper.ts <folder>');
process.stdin.resume();
process.stdin.once('close', () => {
  void killBelow(folder).then(() => rm(folder, { recursive: true, force: true }));
});
