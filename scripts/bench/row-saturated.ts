import { startNaiveAedes } from './brokers.ts';
import { untilStill, waitForTable } from './drained.ts';
import { endAll } from './end-all.ts';
import { closeAll } from './generator.ts';
import type { Measured } from './generator/messages.ts';
import { limitNotes, ms, perSecond, unansweredNotes, type Bench, type Line } from './row.ts';
import { median, medianPercentile } from './stats.ts';

const ALARMS_PER_S = 100;
const PRESSERS = 100;
/** Messages of each device that wait for their answer: of a thousand devices more than one process takes at once. */
const WINDOW = 10;
const WARM_MS = 2000;
const TABLE = 'bench_naive';

type Run = { readonly presses: Measured; readonly vitals: Measured };

/** How long a press waits for its answer when more vital signs come than one process takes, against one naive process. */
export async function benchSaturated(bench: Bench): Promise<Line[]> {
  const { site, scale, print } = bench;
  const gateway = await site.startGateway();
  const ends = [gateway.stop];
  const ours: Run[] = [];
  const others: Run[] = [];
  try {
    await waitForTable(site);
    await site.query(`create table ${TABLE} (like observations including all)`);
    const naive = await startNaiveAedes(site, TABLE);
    ends.unshift(naive.stop);
    // Code that was never run before is slow once.
    for (const { port } of [gateway, naive]) await flood(bench, port, WARM_MS);
    for (let n = 0; n < scale.repeats; n += 1) {
      print(`presses under more vital signs than can be taken, ${n + 1} of ${scale.repeats}`);
      await untilStill(site, TABLE);
      ours.push(await flood(bench, gateway.port, scale.spanMs));
      await untilStill(site, 'observations');
      others.push(await flood(bench, naive.port, scale.spanMs));
    }
  } finally {
    await endAll(...ends);
  }
  const [presses, vitals] = [
    [...ours, ...others].map((run) => run.presses),
    [...ours, ...others].map((run) => run.vitals),
  ];
  const [oursP99, otherP99] = [calcP99(ours), calcP99(others)];
  return [
    {
      what: `press acknowledged, p99, under a flood (${calcRate(ours)} taken, the other ${calcRate(others)}) ÷ one naive aedes process that decodes and inserts`,
      ours: ms(oursP99),
      other: ms(otherP99),
      ratio: oursP99 / otherP99,
      goal: '≤ 0.05',
      notes: [
        ...unansweredNotes('flood', presses),
        ...limitNotes('presses in the flood', presses),
        ...limitNotes('the flood', vitals),
      ],
    },
  ];
}

async function flood({ generator, presser, scale }: Bench, port: number, forMs: number): Promise<Run> {
  await presser.ask({ task: 'connect', port, from: 0, count: PRESSERS });
  await generator.ask({ task: 'connect', port, from: PRESSERS, count: scale.clients });
  try {
    const [presses, vitals] = await Promise.all([
      presser.ask({ task: 'pace', forMs, alarmsPerS: ALARMS_PER_S, vitalsPerS: 0, readings: 1 }),
      generator.ask({ task: 'flood', forMs, window: WINDOW, readings: 1 }),
    ]);
    return { presses, vitals };
  } finally {
    await closeAll(generator, presser);
  }
}

function calcP99(runs: readonly Run[]): number {
  return medianPercentile(
    runs.map(({ presses }) => presses),
    0.99,
  );
}

function calcRate(runs: readonly Run[]): string {
  return perSecond(median(runs.map(({ vitals }) => (vitals.vitalsAcked / vitals.tookMs) * 1000)));
}
