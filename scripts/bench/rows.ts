import { loadIfThere } from './load-if-there.ts';
import { benchAcks } from './row-acks.ts';
import { benchChart } from './row-chart.ts';
import { benchCopy } from './row-copy.ts';
import { benchMemory } from './row-memory.ts';
import { benchPainted } from './row-painted.ts';
import { benchSaturated } from './row-saturated.ts';
import { benchStored } from './row-stored.ts';
import { benchWearables } from './row-wearables.ts';
import { skippedLine, type Bench, type Line, type Row } from './row.ts';

/** In the order of the table. */
export const ROWS: readonly Row[] = [
  { name: 'acks', summary: 'a press, idle and beside vital signs, against a bare fsynced XADD', run: benchAcks },
  {
    name: 'saturated',
    summary: 'a press under a flood of vital signs, against one naive process',
    run: benchSaturated,
  },
  { name: 'painted', summary: 'a press, from its sending to the frame that shows it in Chromium', run: benchPainted },
  { name: 'stored', summary: 'vital signs stored, against a broker that stores nothing', run: benchStored },
  { name: 'copy', summary: 'rows from spool to table, against a bare binary COPY', run: benchCopy },
  { name: 'memory', summary: 'memory of an idle device, against the bare broker', run: benchMemory },
  { name: 'wearables', summary: 'presses among ten thousand wearables that report', run: benchWearables },
  { name: 'chart', summary: 'a chart over 90 days, by the hours and by the readings', run: benchChart },
  { name: 'timescale', summary: 'bytes of a reading, compressed, on TimescaleDB in process', run: benchTimescale },
];

async function benchTimescale(bench: Bench): Promise<Line[]> {
  const loaded = await loadIfThere(() => import('./row-timescale.ts'));
  return loaded === null ? [skippedLine('timescale', 'it is not installed')] : loaded.benchTimescale(bench);
}
