import { countRows, waitForRows, waitForTable } from './drained.ts';
import { endAll } from './end-all.ts';
import { closeAll } from './generator.ts';
import type { Measured } from './generator/messages.ts';
import { count, limitNotes, ms, perSecond, unansweredNotes, type Bench, type Line } from './row.ts';
import { median, medianPercentile } from './stats.ts';

const EVERY_S = 10;
const READINGS = 4;
/** Among the wearables; many enough for a 99th percentile, few enough not to be the load. Chosen. */
const PRESSES_PER_S = 20;
const PRESSERS = 100;
/** Each reports once. */
const BUSY_MS = EVERY_S * 1000;

/** Ten thousand wearables on one gateway, each reporting every ten seconds, and presses among them. */
export async function benchWearables({ site, generator, presser, scale, print }: Bench): Promise<Line[]> {
  const { wearables, spanMs, repeats } = scale;
  const gateway = await site.startGateway();
  const idle: Measured[] = [];
  const busy: Measured[] = [];
  const vitals: Measured[] = [];
  let isStored = false;
  try {
    await waitForTable(site);
    print(`${count(wearables)} wearables connect`);
    await presser.ask({ task: 'connect', port: gateway.port, from: 0, count: PRESSERS });
    await generator.ask({ task: 'connect', port: gateway.port, from: PRESSERS, count: wearables - PRESSERS });
    const presses = { task: 'pace', alarmsPerS: PRESSES_PER_S, vitalsPerS: 0, readings: 1 } as const;
    const report = { task: 'pace', alarmsPerS: 0, vitalsPerS: wearables / EVERY_S, readings: READINGS } as const;
    const before = await countRows(site);
    for (let n = 0; n < repeats; n += 1) {
      print(`${count(wearables)} wearables, ${n + 1} of ${repeats}`);
      idle.push(await presser.ask({ ...presses, forMs: spanMs }));
      const both = [presser.ask({ ...presses, forMs: BUSY_MS }), generator.ask({ ...report, forMs: BUSY_MS })] as const;
      const [beside, sent] = await Promise.all(both);
      busy.push(beside);
      vitals.push(sent);
    }
    const rows = READINGS * vitals.reduce((sum, one) => sum + one.vitalsAcked, 0);
    isStored = !Number.isNaN(await waitForRows(site, before + rows));
  } finally {
    await endAll(() => closeAll(generator, presser), gateway.stop);
  }
  const [size] = await site.query<{ bytes: number }>(
    `select sum(pg_total_relation_size(relid))::float8 / (select count(*) from observations) as bytes
     from pg_partition_tree('observations')`,
  );
  const [busyP99, idleP99] = [medianPercentile(busy, 0.99), medianPercentile(idle, 0.99)];
  const perS = median(vitals.map((one) => (READINGS * one.vitalsAcked * 1000) / one.tookMs));
  return [
    {
      what: `${count(wearables)} wearables, a message of ${READINGS} readings each ${EVERY_S} s (${perSecond(perS)} stored): press acknowledged, p99 ÷ connected and silent`,
      ours: ms(busyP99),
      other: ms(idleP99),
      ratio: busyP99 / idleP99,
      goal: '≤ 2',
      notes: [
        ...unansweredNotes('wearables', [...idle, ...busy]),
        ...(isStored ? [] : ['wearables: not all readings reached the table']),
        ...limitNotes('presses among wearables', busy),
        ...limitNotes('wearables', vitals),
      ],
    },
    {
      what: 'a reading on disk, PostgreSQL without TimescaleDB, indexes included',
      ours: `${(size?.bytes ?? Number.NaN).toFixed(0)} bytes`,
      other: '',
      ratio: null,
      goal: '',
      notes: [],
    },
  ];
}
