import { countRows, waitForRows, waitForTable } from './drained.ts';
import { limitNotes, ms, perSecond, type Bench, type Line } from './row.ts';
import { percentile } from './stats.ts';

const EVERY_S = 10;
const READINGS = 4;
const PRESSES_PER_S = 5;
const SPAN_MS = 30_000;

/** Ten thousand wearables on one gateway, each reporting every ten seconds, and presses among them. */
export async function benchWearables({ site, generator, scale, print }: Bench): Promise<Line[]> {
  print(`${scale.wearables.toLocaleString('en-US')} wearables`);
  const gateway = await site.startGateway();
  try {
    await waitForTable(site);
    await generator.tell({ task: 'connect', port: gateway.port, from: 0, count: scale.wearables });
    const before = await countRows(site);
    const vitalsPerS = scale.wearables / EVERY_S;
    const pace = { task: 'pace', forMs: SPAN_MS, alarmsPerS: PRESSES_PER_S, pressers: scale.wearables } as const;
    const alone = await generator.ask({ ...pace, vitalsPerS: 0, readings: 1, forMs: 10_000 });
    const measured = await generator.ask({ ...pace, vitalsPerS, readings: READINGS });
    const rows = READINGS * measured.vitalsAcked;
    const isStored = !Number.isNaN(await waitForRows(site, before + rows));
    const [size] = await site.query<{ bytes: string; n: string }>(
      `select sum(pg_total_relation_size(relid)) as bytes, (select count(*) from observations) as n
       from pg_partition_tree('observations')`,
    );
    const [busy, idle] = [percentile(measured.latenciesMs, 0.99), percentile(alone.latenciesMs, 0.99)];
    const unanswered = measured.alarmsSent - measured.alarmsAcked;
    return [
      {
        what: `${scale.wearables.toLocaleString('en-US')} wearables, a message of ${READINGS} readings each ${EVERY_S} s: press acknowledged, p99 ÷ connected and silent`,
        ours: ms(busy),
        other: ms(idle),
        ratio: busy / idle,
        goal: '≤ 2',
        notes: [
          ...(unanswered === 0 ? [] : [`${unanswered} presses were never answered`]),
          ...(isStored ? [] : ['not all readings reached the table']),
          ...limitNotes('wearables', [measured]),
        ],
      },
      {
        what: 'their readings stored',
        ours: perSecond((rows / measured.tookMs) * 1000),
        other: `${(Number(size?.bytes ?? 0) / Number(size?.n ?? 1)).toFixed(0)} bytes a reading on disk, indexes included`,
        ratio: null,
        goal: '',
        notes: [],
      },
    ];
  } finally {
    await generator.tell({ task: 'close' });
    await gateway.stop();
  }
}
