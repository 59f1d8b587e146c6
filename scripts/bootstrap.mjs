// node scripts/bootstrap.mjs <entry.ts> [arguments]: runs a script of this project on a fresh clone, whatever Node.js
// (18 or newer) and npm (9 or newer) the machine has.
import { resolve } from 'node:path';
import { start } from './bootstrap/start.mjs';

const [entry, ...args] = process.argv.slice(2);
if (entry === undefined) {
  process.stderr.write('Usage: node scripts/bootstrap.mjs <entry.ts> [arguments]\n');
  process.exitCode = 2;
} else {
  await start(resolve(entry), args);
}
