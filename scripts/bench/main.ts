// `npm run bench`: ours against the bare parts, side by side in one run. `-- --quick` for a look; `-- acks memory` for some rows.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installMissing } from '../setup/apt.ts';
import { REDIS } from '../setup/needs.ts';
import { startGenerator } from './generator.ts';
import { benchAcks } from './row-acks.ts';
import { benchCopy } from './row-copy.ts';
import { benchMemory } from './row-memory.ts';
import { benchStored } from './row-stored.ts';
import { benchWearables } from './row-wearables.ts';
import type { Line, Scale } from './row.ts';
import { openSite } from './site.ts';
import { formatTable } from './table.ts';

const ROWS = {
  acks: benchAcks,
  stored: benchStored,
  copy: benchCopy,
  memory: benchMemory,
  wearables: benchWearables,
} as const;
const FULL: Scale = { repeats: 5, spanMs: 8000, clients: 1000, wearables: 10_000 };
const QUICK: Scale = { repeats: 1, spanMs: 2000, clients: 200, wearables: 3000 };

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const wanted = positionals.length === 0 ? Object.keys(ROWS) : positionals;
if (!wanted.every((name): name is keyof typeof ROWS => name in ROWS)) {
  process.stderr.write(`Usage: npm run bench -- [--quick] [${Object.keys(ROWS).join('] [')}]\n`);
  process.exit(2);
}
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const missing = await installMissing([REDIS], print);
if (missing.length > 0) process.exit(1);

const scale = values.quick ? QUICK : FULL;
const folder = await mkdtemp(join(tmpdir(), 'zhuji-bench-'));
const generator = startGenerator();
const lines: Line[] = [];
try {
  for (const name of wanted) {
    // A site of its own each: nothing that one row left behind weighs on the next.
    const site = await openSite(join(folder, name), scale.wearables);
    try {
      lines.push(...(await ROWS[name]({ site, generator, scale, print })));
    } finally {
      await site.stop();
    }
  }
} finally {
  await generator.stop();
  await rm(folder, { recursive: true, force: true });
}
print(`\n${availableParallelism()} processors, Node.js ${process.version}\n`);
print(formatTable(lines));
