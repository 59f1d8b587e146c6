import { startBareAedes } from './brokers.ts';
import { countRows, waitForRows, waitForTable } from './drained.ts';
import { endAll } from './end-all.ts';
import type { Measured } from './generator/messages.ts';
import { count, limitNotes, perSecond, type Bench, type Line } from './row.ts';
import { median, ratioOf } from './stats.ts';

/** Vital signs from publish to committed row against a broker that stores nothing, as fast as each can. */
export async function benchStored({ site, generator, scale, print }: Bench): Promise<Line[]> {
  const gateway = await site.startGateway();
  const aedes = await startBareAedes();
  const ours: number[] = [];
  const bare: number[] = [];
  const measured: Measured[] = [];
  let missing = 0;
  try {
    await waitForTable(site);
    for (let n = 0; n < scale.repeats; n += 1) {
      print(`vital signs stored, ${n + 1} of ${scale.repeats}`);
      const flood = { task: 'flood', forMs: scale.spanMs, window: 1, readings: 1 } as const;
      await generator.ask({ task: 'connect', port: aedes.port, from: 0, count: scale.clients });
      const alone = await generator.ask(flood);
      await generator.ask({ task: 'close' });
      bare.push((alone.vitalsAcked / alone.tookMs) * 1000);

      const before = await countRows(site);
      await generator.ask({ task: 'connect', port: gateway.port, from: 0, count: scale.clients });
      const beganMs = performance.now();
      const sent = await generator.ask(flood);
      const storedAt = await waitForRows(site, before + sent.vitalsAcked);
      await generator.ask({ task: 'close' });
      missing += Math.max(0, before + sent.vitalsAcked - (await countRows(site)));
      ours.push((sent.vitalsAcked / (storedAt - beganMs)) * 1000);
      measured.push(alone, sent);
    }
  } finally {
    await endAll(aedes.stop, gateway.stop);
  }
  return [
    {
      what: 'vital signs stored (publish to committed row) ÷ a bare aedes that stores nothing',
      ours: perSecond(median(ours)),
      other: perSecond(median(bare)),
      ratio: ratioOf(ours, bare),
      goal: '≥ 0.75',
      notes: [
        ...(missing === 0 ? [] : [`${count(missing)} acknowledged readings are not in the table`]),
        ...limitNotes('vital signs stored', measured),
      ],
    },
  ];
}
