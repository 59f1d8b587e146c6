import { flushCompileCache } from 'node:module';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { JournalDesk } from './desk.ts';
import { realDisk, type Disk } from '../../segments/disk.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './messages.ts';
import { JournalStore } from './store.ts';

/** Settlements wait at most so long for an alarm to be written with; chosen. */
const SETTLE_EVERY_MS = 1000;
const REPORT_EVERY_MS = 1000;
/** How soon a journal that could not write tries to get a file again; chosen. */
const REVIVE_EVERY_MS = 500;
const TIDY_EVERY_MS = 30_000;
const BEAT_EVERY_MS = 30_000;

type DiskModule = { readonly createDisk: (options: unknown) => Disk };

async function loadDisk(setup: WorkerSetup): Promise<Disk> {
  if (setup.disk === null) return realDisk;
  const module = (await import(setup.disk.module)) as DiskModule;
  return module.createDisk(setup.disk.options);
}

async function run(port: NonNullable<typeof parentPort>, setup: WorkerSetup): Promise<void> {
  // For the next start: who is killed writes nothing at the end.
  flushCompileCache();
  const disk = await loadDisk(setup);
  const answer = (message: FromWorker): void => port.postMessage(message);
  const monoMs = (): number => performance.now();
  const store = new JournalStore({
    disk,
    folder: setup.folder,
    settings: setup.settings,
    nowMs: () => Date.now(),
    monoMs,
    notify: (notice) => answer({ kind: 'notice', notice }),
  });
  const desk = new JournalDesk({ store, segmentBytes: setup.settings.segmentBytes, answer, monoMs });

  desk.revive();
  desk.report();

  let idleTurn: NodeJS.Immediate | null = null;
  const idleSoon = (): void => {
    idleTurn ??= setImmediate(() => {
      idleTurn = null;
      if (desk.idle()) idleSoon();
    });
  };
  idleSoon();

  const timers = [
    setInterval(() => desk.flushSettlements(), SETTLE_EVERY_MS),
    setInterval(() => desk.report(), REPORT_EVERY_MS),
    setInterval(() => desk.beat(), BEAT_EVERY_MS),
    setInterval(() => {
      desk.revive();
      idleSoon();
    }, REVIVE_EVERY_MS),
    setInterval(() => {
      desk.tidy();
      idleSoon();
    }, TIDY_EVERY_MS),
  ];
  const firstTidy = setTimeout(() => desk.tidy(), REPORT_EVERY_MS);

  port.on('message', (first: ToWorker) => {
    const messages = [first];
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      messages.push(next.message as ToWorker);
    }
    desk.handle(messages);
    if (messages.some((message) => message.kind === 'stop')) {
      for (const timer of timers) clearInterval(timer);
      clearTimeout(firstTidy);
      desk.stop();
      port.close();
    } else {
      idleSoon();
    }
  });
}

if (parentPort !== null) await run(parentPort, workerData as WorkerSetup);
