import type { Measured } from './generator/messages.ts';
import { limitNotes, ms, type Bench, type Line } from './row.ts';
import { median, percentile } from './stats.ts';

const ALARMS_PER_S = 100;
const PRESSERS = 100;
const VITALS_PER_S = 20_000;
/** About what an event of such a press weighs in the stream. */
const XADD_BYTES = 700;

/** How long a press waits for its answer: idle, beside vital signs, and against a bare durable XADD. */
export async function benchAcks({ site, generator, scale, print }: Bench): Promise<Line[]> {
  const gateway = await site.startGateway();
  const idle: Measured[] = [];
  const busy: Measured[] = [];
  const bare: Measured[] = [];
  try {
    await generator.tell({ task: 'connect', port: gateway.port, from: 0, count: scale.clients });
    const quiet = {
      task: 'pace',
      forMs: scale.spanMs,
      alarmsPerS: ALARMS_PER_S,
      pressers: PRESSERS,
      readings: 1,
    } as const;
    // Code that was never run before is slow once.
    await generator.ask({ ...quiet, forMs: 3000, vitalsPerS: 2000 });
    for (let n = 0; n < scale.repeats; n += 1) {
      print(`presses, ${n + 1} of ${scale.repeats}`);
      idle.push(await generator.ask({ ...quiet, vitalsPerS: 0 }));
      bare.push(
        await generator.ask({
          task: 'xadd',
          port: site.redisPort,
          forMs: scale.spanMs,
          perS: ALARMS_PER_S,
          bytes: XADD_BYTES,
        }),
      );
      busy.push(await generator.ask({ ...quiet, vitalsPerS: VITALS_PER_S }));
    }
  } finally {
    await generator.tell({ task: 'close' });
    await gateway.stop();
  }
  const of = (q: number, list: readonly Measured[]): number =>
    median(list.map((one) => percentile(one.latenciesMs, q)));
  const vitalsPerS = median(busy.map((one) => (one.vitalsAcked / one.tookMs) * 1000));
  const unanswered = [...idle, ...busy].reduce((sum, one) => sum + one.alarmsSent - one.alarmsAcked, 0);
  const lost = unanswered === 0 ? [] : [`${unanswered} presses were never answered`];
  return [
    {
      what: `press acknowledged, p99, beside ${Math.round(vitalsPerS).toLocaleString('en-US')} vitals/s (offered ${VITALS_PER_S.toLocaleString('en-US')}) ÷ idle`,
      ours: ms(of(0.99, busy)),
      other: ms(of(0.99, idle)),
      ratio: of(0.99, busy) / of(0.99, idle),
      goal: '≤ 2',
      notes: [...lost, ...limitNotes('press beside vitals', busy)],
    },
    {
      what: 'press acknowledged, p50, idle ÷ bare paced fsynced XADD',
      ours: ms(of(0.5, idle)),
      other: ms(of(0.5, bare)),
      ratio: of(0.5, idle) / of(0.5, bare),
      goal: '≤ 2.5',
      notes: limitNotes('press idle', idle),
    },
  ];
}
