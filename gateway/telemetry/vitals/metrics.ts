import { Gauge, type Registry } from 'prom-client';
import type { VitalsHealth } from './health.ts';
import { WORTHS } from './thin.ts';

/** The vitals lane in numbers. All but the first five count from the start of the gateway. */
export function addVitalsGauges(registers: Registry[], health: () => VitalsHealth): void {
  const gauge = (name: string, help: string, read: (of: VitalsHealth) => number): void => {
    const made: Gauge = new Gauge({ name, help, registers, collect: () => made.set(read(health())) });
  };
  gauge(
    'zhuji_vitals_spool_bytes',
    'Readings on disk for the database',
    ({ thread }) => thread?.spoolBytes ?? Number.NaN,
  );
  gauge('zhuji_vitals_bound_bytes', 'How much of it there may be', ({ thread }) => thread?.boundBytes ?? Number.NaN);
  gauge('zhuji_vitals_queued_bytes', 'Readings in memory for the disk', ({ queuedBytes }) => queuedBytes);
  gauge(
    'zhuji_vitals_late_seconds',
    'How long readings have been waiting that the database does not have',
    ({ thread }) => (thread?.writer.lateMs ?? Number.NaN) / 1000,
  );
  gauge(
    'zhuji_vitals_fsync_seconds',
    'The last write and fsync of the spool',
    ({ lastFsyncMs }) => (lastFsyncMs ?? Number.NaN) / 1000,
  );
  gauge('zhuji_vitals_accepted', 'Readings of devices that became rows', ({ accepted }) => accepted);
  gauge('zhuji_vitals_repeats', 'Readings that a device had said before', ({ repeats }) => repeats);
  gauge('zhuji_vitals_stored', 'Rows that the database took', ({ stored }) => stored);
  gauge('zhuji_vitals_put_aside', 'Rows that the database refused, in put-aside.ndjson', ({ refused }) => refused);
  gauge(
    'zhuji_vitals_expired',
    'Readings that waited longer than readings are kept, and were not stored',
    ({ thread }) => thread?.writer.expired ?? Number.NaN,
  );
  gauge(
    'zhuji_vitals_erased',
    'Readings of people who were erased while they waited, and were not stored',
    ({ thread }) => thread?.writer.erased ?? Number.NaN,
  );
  gauge('zhuji_vitals_unread', 'Messages that were dropped unread for want of room', ({ unread }) => unread);
  const shed: Gauge<'worth'> = new Gauge({
    name: 'zhuji_vitals_shed',
    help: 'Readings that were accepted and not kept, by their worth',
    labelNames: ['worth'],
    registers,
    collect: () => {
      const counts = health().shed;
      for (const worth of WORTHS) shed.set({ worth }, counts[worth]);
    },
  });
}
