import { randomBytes } from 'node:crypto';
import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { realDisk, type Disk } from '../../segments/disk.ts';
import type { ObservationsTable } from '../observations/writer-port.ts';
import { createWriterTable } from '../observations/writer-table.ts';
import { connectWriter } from './connection.ts';
import { VitalsDesk } from './desk.ts';
import type { FromVitals, ToVitals, VitalsSetup } from './messages.ts';

const REPORT_EVERY_MS = 500;
/** How soon a folder that could not be opened is tried again; chosen. */
const REVIVE_EVERY_MS = 500;

type DiskModule = { readonly createDisk: (options: unknown) => Disk };
type TableModule = { readonly createWriterTable: typeof createWriterTable };

async function loadDisk({ disk }: VitalsSetup): Promise<Disk> {
  if (disk === null) return realDisk;
  const module = (await import(disk.module)) as DiskModule;
  return module.createDisk(disk.options);
}

async function loadTable({ table, readingsDays }: VitalsSetup): Promise<() => ObservationsTable> {
  const options = { readingsDays, nowMs: () => Date.now() };
  if (table === null) return () => createWriterTable(options);
  const module = (await import(table)) as TableModule;
  return () => module.createWriterTable(options);
}

async function run(port: NonNullable<typeof parentPort>, setup: VitalsSetup): Promise<void> {
  // For the next start: who is killed writes nothing at the end.
  flushCompileCache();
  const { folder, gatewayId, databaseUrl, spoolBytes } = setup;
  const desk = new VitalsDesk({
    folder,
    spoolBytes,
    disk: await loadDisk(setup),
    newTable: await loadTable(setup),
    connect: (onBroken) => connectWriter({ databaseUrl, applicationName: `zhuji ${gatewayId} vitals`, onBroken }),
    newSpoolId: () => `${gatewayId}.${randomBytes(9).toString('base64url')}`,
    answer: (message: FromVitals) => port.postMessage(message),
    nowMs: () => Date.now(),
    monoMs: () => performance.now(),
  });
  desk.revive();
  desk.report();
  const timers = [setInterval(() => desk.report(), REPORT_EVERY_MS), setInterval(() => desk.revive(), REVIVE_EVERY_MS)];
  port.on('message', (message: ToVitals) => {
    if (message.kind === 'append') {
      desk.append(message.request, message.bytes);
      return;
    }
    for (const timer of timers) clearInterval(timer);
    void desk.stop().finally(() => port.close());
  });
}

if (parentPort !== null) await run(parentPort, workerData as VitalsSetup);
