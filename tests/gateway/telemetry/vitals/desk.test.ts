import { afterEach, expect, test, vi } from 'vitest';
import type { Disk } from '../../../../gateway/segments/disk.ts';
import type { WriterConnection } from '../../../../gateway/telemetry/vitals/connection.ts';
import { VitalsDesk, type DeskOptions } from '../../../../gateway/telemetry/vitals/desk.ts';
import type { FromVitals, VitalsState } from '../../../../gateway/telemetry/vitals/messages.ts';
import { packPayloads } from '../../../../gateway/telemetry/vitals/payloads.ts';
import { hasRoom, LossAlarm } from '../../../../gateway/telemetry/vitals/loss-alarm.ts';
import { sumWorths } from '../../../../gateway/telemetry/vitals/thin.ts';
import { MemoryDisk } from '../../segments/memory-disk.ts';
import { payloadOf, rowOf, T0 } from './messages.ts';
import { createWriterTable } from './plain-table.fixture.ts';

const MIB = 1024 * 1024;

/** A database that never answers. */
const AWAY: DeskOptions['connect'] = () => new Promise(() => undefined);

afterEach(() => {
  vi.useRealTimers();
});

function openDesk(memory: MemoryDisk, spoolBytes = MIB, monoMs = () => 0, disk = memory.disk, connect = AWAY) {
  const answers: FromVitals[] = [];
  const desk = new VitalsDesk({
    folder: '/spool',
    spoolBytes,
    disk,
    connect,
    newTable: createWriterTable,
    newSpoolId: () => 'g-1.x',
    answer: (message) => void answers.push(message),
    nowMs: () => T0,
    monoMs,
  });
  let sent = 0;
  const append = (rows: number): string => {
    sent += 1;
    const readings = Array.from({ length: rows }, (_, index) => rowOf('w-1', sent * 1000 + index));
    desk.append(sent, packPayloads([payloadOf(...readings)]));
    const answer = answers.findLast(({ kind }) => kind === 'durable' || kind === 'refused');
    return answer?.kind ?? '';
  };
  const state = (): VitalsState => {
    desk.report();
    const answer = answers.findLast((message) => message.kind === 'state');
    if (answer === undefined) throw new Error('no state');
    return answer.state;
  };
  return { desk, append, state, answers };
}

test('a folder that cannot be opened refuses and is opened later', () => {
  const memory = new MemoryDisk();
  const { desk, append, state } = openDesk(memory);
  memory.fail('makeFolder', 'EACCES');
  desk.revive();
  expect(append(1)).toBe('refused');
  expect(state().diskFault).not.toBeNull();
  desk.revive();
  expect(state().diskFault).toBeNull();
  expect(append(1)).toBe('durable');
});

test('it answers first and sheds then, and what is shed is counted', () => {
  const memory = new MemoryDisk();
  const { desk, append, state, answers } = openDesk(memory);
  desk.revive();
  for (let message = 0; message < 500; message += 1) expect(append(100)).toBe('durable');
  const { spoolBytes, shed } = state();
  expect(spoolBytes).toBeLessThanOrEqual(MIB);
  expect(sumWorths(shed)).toBeGreaterThan(10_000);
  expect(answers.filter(({ kind }) => kind === 'refused')).toEqual([]);
});

test('on a disk that is nearly full the spool does not grow, and may again when there is room', () => {
  const memory = new MemoryDisk();
  const { desk, append, state } = openDesk(memory);
  desk.revive();
  for (let message = 0; message < 100; message += 1) append(100);
  const before = state();
  expect(before.boundBytes).toBe(MIB);
  memory.capacityBytes = Math.ceil(before.spoolBytes * 1.04);
  const tight = state();
  expect(tight.boundBytes).toBe(tight.spoolBytes);
  memory.capacityBytes = before.spoolBytes * 10;
  expect(state().boundBytes).toBe(MIB);
});

test('a full disk refuses, says so, and takes again when there is room', () => {
  const memory = new MemoryDisk();
  const { desk, append, state } = openDesk(memory);
  desk.revive();
  append(1);
  memory.capacityBytes = 0;
  expect(append(1)).toBe('refused');
  expect(state().diskFault).toBe('spool-no-space');
  memory.capacityBytes = 1e9;
  expect(state().diskFault).toBeNull();
  expect(append(1)).toBe('durable');
});

test('at a full spool of vital readings nobody waits for more than a few files', () => {
  const memory = new MemoryDisk();
  const bound = 4 * MIB;
  // Each file that is looked at takes its time.
  let filesOpened = 0;
  const slow: Disk = {
    ...memory.disk,
    open: (path, how) => {
      if (how === 'read') filesOpened += 1;
      return memory.disk.open(path, how);
    },
  };
  const { desk, append, state, answers } = openDesk(memory, bound, () => filesOpened * 30, slow);
  desk.revive();
  let most = 0;
  for (let message = 0; message < 400; message += 1) {
    const before = filesOpened;
    expect(append(1000)).toBe('durable');
    most = Math.max(most, filesOpened - before);
    expect(state().spoolBytes).toBeLessThanOrEqual(bound);
  }
  expect(state().segments).toBeGreaterThan(25);
  expect(state().shed.vital).toBeGreaterThan(50_000);
  expect(most).toBeLessThanOrEqual(3);
  expect(answers.some(({ kind }) => kind === 'refused')).toBe(false);
});

test('while a spool is at its bound there is one incident, however seldom something goes; it ends when the spool is half empty', () => {
  const memory = new MemoryDisk();
  let monoMs = 0;
  const bound = 4 * MIB;
  const { desk, append, state } = openDesk(memory, bound, () => monoMs);
  desk.revive();
  const said: string[] = [];
  const alarm = new LossAlarm(
    'vitals-shed',
    { raise: () => said.push('raise'), restore: () => said.push('restore') },
    { monoMs: () => monoMs },
  );
  const look = (now = state()): void => alarm.look(sumWorths(now.shed), {}, hasRoom(now));
  let raised = 0;
  let pauses = 0;
  let lostMs = Infinity;
  for (let message = 0; message < 2500; message += 1) {
    monoMs += 10_000;
    append(100);
    look();
    if (said.filter((word) => word === 'raise').length > raised) {
      raised += 1;
      if (monoMs - lostMs > 60_000) pauses += 1;
      lostMs = monoMs;
    }
  }
  // It begins empty, so that there is nothing to restore after the first loss.
  const first = said.indexOf('raise');
  expect(said.slice(first)).not.toContain('restore');
  expect(pauses).toBeGreaterThan(1);
  look({ ...state(), spoolBytes: bound / 2 });
  monoMs += 60_000;
  look({ ...state(), spoolBytes: bound / 2 - 1 });
  expect(said.at(-1)).toBe('restore');
});

const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

test('a database that takes nothing of what is read is late, however little waits, and in time again when it takes all', async () => {
  vi.useFakeTimers();
  let isFull = true;
  const connection: WriterConnection = {
    query: (text) =>
      Promise.resolve({ rows: text.startsWith('select position') ? [{ position: '-1' }] : [], rowCount: 1 }),
    copy: async () => {
      if (isFull) throw Object.assign(new Error('no space'), { code: '53100' });
      await sleep(30);
      return 1;
    },
    isBroken: () => false,
    leave: () => Promise.resolve(),
    cut: () => undefined,
  };
  const connect = (): Promise<WriterConnection> => Promise.resolve(connection);
  const memory = new MemoryDisk();
  const { desk, append, state } = openDesk(memory, MIB, () => performance.now(), memory.disk, connect);
  desk.revive();
  for (let second = 0; second < 120; second += 1) {
    append(1);
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(state().writer).toMatchObject({ stored: 0, fault: '53100' });
  expect(state().writer.lateMs).toBeGreaterThan(100_000);
  isFull = false;
  // One message follows the other so soon that something always waits.
  let mostMs = 0;
  for (let step = 0; step < 3000; step += 1) {
    append(1);
    await vi.advanceTimersByTimeAsync(20);
    if (step > 1000) mostMs = Math.max(mostMs, state().writer.lateMs);
  }
  expect(state().writer.fault).toBeNull();
  expect(mostMs).toBeLessThan(5000);
  const stopping = desk.stop();
  await vi.advanceTimersByTimeAsync(1000);
  await stopping;
});
