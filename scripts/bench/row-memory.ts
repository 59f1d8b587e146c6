import { setTimeout as delay } from 'node:timers/promises';
import { count, type Bench, type Line } from './row.ts';
import { startBareAedes } from './brokers.ts';
import { endAll } from './end-all.ts';
import { closeAll } from './generator.ts';
import { readMemory, type Running } from './processes.ts';

const FEW = 2000;
const SETTLE_MS = 3000;

/** What one more idle device costs, from the difference that many of them make. */
export async function benchMemory(bench: Bench): Promise<Line[]> {
  bench.print('memory of idle devices');
  const gateway = await bench.site.startGateway();
  const ours = await slope(bench, gateway);
  const bare = await slope(bench, await startBareAedes());
  return [
    {
      what: `memory of an idle device ÷ bare aedes (${count(FEW)} to ${count(bench.scale.wearables)} of them)`,
      ours: `${(ours / 1000).toFixed(1)} kB`,
      other: `${(bare / 1000).toFixed(1)} kB`,
      ratio: ours / bare,
      goal: '≤ 1.2',
      notes: [],
    },
  ];
}

/** Ends the server, too. */
async function slope({ generator, scale }: Bench, { pid, port, stop }: Running): Promise<number> {
  try {
    await generator.ask({ task: 'connect', port, from: 0, count: FEW });
    await delay(SETTLE_MS);
    const few = await readMemory(pid);
    await generator.ask({ task: 'connect', port, from: FEW, count: scale.wearables - FEW });
    await delay(SETTLE_MS);
    return ((await readMemory(pid)) - few) / (scale.wearables - FEW);
  } finally {
    await endAll(() => closeAll(generator), stop);
  }
}
