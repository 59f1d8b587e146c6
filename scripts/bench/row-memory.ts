import { setTimeout as delay } from 'node:timers/promises';
import { type Bench, type Line } from './row.ts';
import { readMemory, startBareAedes, type Running } from './site.ts';

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
      what: `memory of an idle device ÷ bare aedes (${FEW.toLocaleString('en-US')} to ${bench.scale.wearables.toLocaleString('en-US')} of them)`,
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
    await generator.tell({ task: 'connect', port, from: 0, count: FEW });
    await delay(SETTLE_MS);
    const few = await readMemory(pid);
    await generator.tell({ task: 'connect', port, from: FEW, count: scale.wearables - FEW });
    await delay(SETTLE_MS);
    return ((await readMemory(pid)) - few) / (scale.wearables - FEW);
  } finally {
    await generator.tell({ task: 'close' });
    await stop();
  }
}
