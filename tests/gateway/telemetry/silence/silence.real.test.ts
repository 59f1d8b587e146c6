import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import type { AlarmEvent } from '../../../../devices/event.ts';
import type { Missed } from '../../../../gateway/history/contact-log.ts';
import type { OpenIncident } from '../../../../gateway/incidents/record.ts';
import { createPool } from '../../../../gateway/store/postgres.ts';
import { createSilence } from '../../../../gateway/telemetry/silence/silence.ts';
import { afterwards } from '../../../harness/cleanup.ts';
import { createDatabase } from '../../../harness/postgres.ts';
import { openPool } from '../../history/world.ts';
import { openIncident, register } from '../../incidents/build.ts';
import { silent as logger } from '../../incidents/world.ts';
import { HandClock } from '../../ingest/hand-clock.ts';

const MINUTE = 60_000;
const DEVICE = 'one-touch-1';
const STREET = Array.from({ length: 130 }, (_, n) => `box-${n}`);
const DIRECTORY = register({
  homes: [{ id: 'h1' }],
  devices: [DEVICE, ...STREET].map((id) => ({ id, homeId: 'h1' })),
});

function openSilence(pool: Pool) {
  const clock = new HandClock();
  const said: string[] = [];
  const system: string[] = [];
  const state = { isKept: true, isBoardCurrent: true, missed: [] as Missed[], open: [] as OpenIncident[] };
  const heard = new Map<string, number>();
  const silence = createSilence({
    ...{ pool, gatewayId: 'a', clock, logger },
    presence: { missed: () => state.missed, leave: () => undefined, hearingMs: () => 60 * MINUTE },
    heardMonoMs: (id) => heard.get(id) ?? null,
    open: () => state.open,
    isBoardCurrent: () => state.isBoardCurrent,
    directory: () => DIRECTORY,
    reportingOf: () => ({ mobility: 'fixed', heartbeatS: 120 }),
    door: {
      raise: ({ deviceId, message }) => {
        if (!state.isKept) return Promise.reject(new Error('neither side kept it'));
        said.push(`${message.kind} ${message.type} ${deviceId ?? ''}`);
        return Promise.resolve({} as AlarmEvent);
      },
    },
    alarms: {
      raise: (code, facts) => void system.push(`${code} ${JSON.stringify(facts)}`),
      renew: (code, facts) => void system.push(`renewed ${code} ${JSON.stringify(facts)}`),
      restore: () => undefined,
    },
  });
  const fallSilent = (): void => {
    state.missed = [
      { deviceId: DEVICE, lastMs: clock.nowMs() - 60 * MINUTE, silentMs: 60 * MINUTE, hearingMs: 60 * MINUTE },
    ];
  };
  return { clock, said, system, state, heard, silence, fallSilent };
}

test('with the database away nobody is told as silent, and it is said that nobody can know', async () => {
  const pool = createPool({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none', applicationName: 'test', logger });
  afterwards(() => pool.end());
  const { said, system, silence, fallSilent } = openSilence(pool);
  await silence.look();
  expect(silence.check().status).toBe('ok');
  fallSilent();
  await silence.look();
  expect([said, system]).toEqual([[], []]);
  expect(silence.check()).toMatchObject({ status: 'degraded', detail: expect.stringContaining('database is away') });
});

test('with Redis away nobody is told, and when it is back the silent one is, once, with what was not kept tried again', async () => {
  const { said, state, silence, fallSilent } = openSilence(openPool((await createDatabase()).databaseUrl));
  fallSilent();
  state.isBoardCurrent = false;
  await silence.look();
  expect(said).toEqual([]);
  expect(silence.check().status).toBe('degraded');
  state.isBoardCurrent = true;
  state.isKept = false;
  await silence.look();
  await new Promise((resolve) => void setImmediate(resolve));
  state.isKept = true;
  await silence.look();
  await silence.look();
  expect(said).toEqual([`alarm silent ${DEVICE}`]);
  expect(silence.check().status).toBe('ok');
});

test('many that are silent are told as one with their names, and told anew as they become more', async () => {
  const { clock, said, system, state, silence } = openSilence(openPool((await createDatabase()).databaseUrl));
  const fallSilent = (count: number): void => {
    const lastMs = clock.nowMs() - 60 * MINUTE;
    state.missed = STREET.slice(0, count).map((deviceId) => ({
      deviceId,
      lastMs,
      silentMs: 60 * MINUTE,
      hearingMs: 60 * MINUTE,
    }));
  };
  fallSilent(12);
  await silence.look();
  expect(said).toHaveLength(10);
  const facts = { devices: 2, ids: 'box-10 box-11' };
  expect(system).toEqual([`many-silent:a ${JSON.stringify(facts)}`, `renewed many-silent:a ${JSON.stringify(facts)}`]);
  clock.advance(10_000);
  fallSilent(130);
  await silence.look();
  expect(said).toHaveLength(10);
  expect(system.at(-1)).toMatch(/"devices":120,"ids":"box-10 .* and 20 more"/u);
});

test('a case is closed by a sign of life since it was known, of its own wearer, and not every ten seconds anew', async () => {
  const { clock, said, state, heard, silence } = openSilence(openPool((await createDatabase()).databaseUrl));
  heard.set(DEVICE, clock.monoMs());
  await silence.look();
  clock.advance(10_000);
  const [own, former] = [`device:${DEVICE}`, `device:${DEVICE}:7`].map((subject) =>
    openIncident({ type: 'silent', lane: 'technical', deviceId: DEVICE, subject }),
  );
  state.open = [own, former].filter((incident) => incident !== undefined);
  await silence.look();
  expect(said).toEqual([]);
  clock.advance(10_000);
  heard.set(DEVICE, clock.monoMs());
  await silence.look();
  await silence.look();
  expect(said).toEqual([`restored silent ${DEVICE}`]);
});
