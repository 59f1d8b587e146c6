import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { Progress } from './progress.ts';
import { runTarget } from './run-target.ts';
import type { Target } from './target.ts';

/** What the watcher hands over: where the targets stand, and which of them is run. */
export type Order = {
  readonly module: string;
  readonly name: string;
  readonly inputs: number;
  readonly seed: number;
  readonly progress: SharedArrayBuffer;
};

const order = workerData as Order;
const progress = new Progress(order.progress);
const { TARGETS } = (await import(order.module)) as { readonly TARGETS: readonly Target[] };
const target = TARGETS.find(({ name }) => name === order.name);
if (target === undefined) throw new Error(`there is no target ${order.name}`);

// The one way to a collection that needs no flag on the command line.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

parentPort?.postMessage(
  runTarget(target, order.inputs, order.seed, {
    nowMs: () => performance.now(),
    heapBytes: () => {
      collect();
      const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
      return heap + external;
    },
    begin: (input) => progress.begin(input),
  }),
);
