import { endAll } from './end-all.ts';
import { closeAll } from './generator.ts';
import type { Measured } from './generator/messages.ts';
import { count, limitNotes, ms, unansweredNotes, type Bench, type Line } from './row.ts';
import { median, medianPercentile } from './stats.ts';

const ALARMS_PER_S = 100;
const PRESSERS = 100;
const VITALS_PER_S = 20_000;
/** About what an event of such a press weighs in the stream. */
const XADD_BYTES = 700;

/** How long a press waits for its answer: idle, beside vital signs, and against a bare durable XADD. */
export async function benchAcks({ site, generator, presser, scale, print }: Bench): Promise<Line[]> {
  const { spanMs: forMs, clients, repeats } = scale;
  const gateway = await site.startGateway();
  const idle: Measured[] = [];
  const busy: Measured[] = [];
  const bare: Measured[] = [];
  const vitals: Measured[] = [];
  try {
    await presser.ask({ task: 'connect', port: gateway.port, from: 0, count: PRESSERS });
    await generator.ask({ task: 'connect', port: gateway.port, from: PRESSERS, count: clients });
    const presses = { task: 'pace', forMs, alarmsPerS: ALARMS_PER_S, vitalsPerS: 0, readings: 1 } as const;
    const readings = { task: 'pace', forMs, alarmsPerS: 0, vitalsPerS: VITALS_PER_S, readings: 1 } as const;
    const xadds = { task: 'xadd', port: site.redisPort, forMs, perS: ALARMS_PER_S, bytes: XADD_BYTES } as const;
    // Code that was never run before is slow once.
    await Promise.all([
      presser.ask({ ...presses, forMs: 3000 }),
      generator.ask({ ...readings, forMs: 3000, vitalsPerS: 2000 }),
    ]);
    for (let n = 0; n < repeats; n += 1) {
      print(`presses, ${n + 1} of ${repeats}`);
      idle.push(await presser.ask(presses));
      bare.push(await presser.ask(xadds));
      const [beside, sent] = await Promise.all([presser.ask(presses), generator.ask(readings)]);
      busy.push(beside);
      vitals.push(sent);
    }
  } finally {
    await endAll(() => closeAll(generator, presser), gateway.stop);
  }
  const vitalsPerS = median(vitals.map((one) => (one.vitalsAcked / one.tookMs) * 1000));
  const [busyP99, idleP99] = [medianPercentile(busy, 0.99), medianPercentile(idle, 0.99)];
  const [idleP50, bareP50] = [medianPercentile(idle, 0.5), medianPercentile(bare, 0.5)];
  return [
    {
      what: `press acknowledged, p99, beside ${count(vitalsPerS)} vitals/s (offered ${count(VITALS_PER_S)}) ÷ idle`,
      ours: ms(busyP99),
      other: ms(idleP99),
      ratio: busyP99 / idleP99,
      goal: '≤ 2',
      notes: [
        ...unansweredNotes('press beside vitals', [...idle, ...busy]),
        ...limitNotes('press beside vitals', busy),
        ...limitNotes('vitals beside presses', vitals),
      ],
    },
    {
      what: 'press acknowledged, p50, idle ÷ bare paced fsynced XADD',
      ours: ms(idleP50),
      other: ms(bareP50),
      ratio: idleP50 / bareP50,
      goal: '≤ 2.5',
      notes: [...limitNotes('press idle', idle), ...limitNotes('bare XADD', bare)],
    },
  ];
}
