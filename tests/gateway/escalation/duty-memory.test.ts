import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { Presence } from '../../../gateway/api/presence.ts';
import { HELPER_DUTY_MS } from '../../../gateway/escalation/duty-book.ts';
import { createDutyMemory } from '../../../gateway/escalation/duty-memory.ts';
import { lineFile } from '../../../gateway/incidents/degraded/line-file.ts';
import type { DirectoryUser } from '../../../gateway/registry/directory.ts';

const logger = pino({ level: 'silent' });
const AT = Date.parse('2026-11-21T02:13:00.000Z');
const HELPER: DirectoryUser = { id: 'h', username: 'h', name: 'H', roles: ['helper'], regions: ['*'], epoch: 1 };

async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'zhuji-duty-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** One run of a gateway that no Redis answers. */
async function run(folder: string, at: number) {
  const time = { nowMs: at, monoMs: 0 };
  const clock = { nowMs: () => time.nowMs, monoMs: () => time.monoMs };
  const lines: string[] = [];
  const told = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  const memory = createDutyMemory({ file: lineFile(join(folder, 'duty.jsonl')), clock, logger: told });
  const away = () => Promise.reject(new Error('Connection is closed.'));
  const presence = new Presence({
    redis: { hset: away, hdel: away, hgetall: away },
    directory: () => ({ user: () => HELPER, users: () => [HELPER] }),
    ...{ writer: `${at}`, leaseMs: 30_000, memory, clock, logger },
  });
  await presence.start();
  presence.stop();
  const say = (on: boolean) => presence.setDuty('h', { on, sound: false }, { id: 's1', expiresAtMs: at });
  return {
    onDuty: () => presence.people.list().flatMap(({ userId, isOnDuty }) => (isOnDuty ? [userId] : [])),
    say: async (on: boolean) => {
      await say(on);
      await memory.settled();
    },
    pass: (ms: number) => void ((time.nowMs += ms), (time.monoMs += ms)),
    lines,
  };
}

test('a start without Redis knows the helper who was on duty, for as long as that was to last and no longer', async () => {
  const folder = await openFolder();
  await (await run(folder, AT)).say(true);
  const next = await run(folder, AT + HELPER_DUTY_MS - 1000);
  expect(next.onDuty()).toEqual(['h']);
  next.pass(1000);
  expect(next.onDuty()).toEqual([]);
});

test('whoever went off duty is off duty after the next start', async () => {
  const folder = await openFolder();
  const first = await run(folder, AT);
  await first.say(true);
  await first.say(false);
  expect((await run(folder, AT + 1000)).onDuty()).toEqual([]);
});

test('a file that is nonsense is nobody, and a disk that refuses is said once and tried again', async () => {
  const folder = await openFolder();
  await writeFile(join(folder, 'duty.jsonl'), 'nonsense\n{"on":true}\n');
  const first = await run(folder, AT);
  expect(first.onDuty()).toEqual([]);
  // A folder stands where the file is to be put together.
  const inTheWay = join(folder, 'duty.jsonl.new');
  await mkdir(inTheWay);
  await first.say(true);
  await first.say(true);
  expect(first.onDuty()).toEqual(['h']);
  expect(first.lines).toHaveLength(1);
  await rm(inTheWay, { recursive: true });
  first.pass(30_000);
  await first.say(true);
  expect((await run(folder, AT + 60_000)).onDuty()).toEqual(['h']);
});
