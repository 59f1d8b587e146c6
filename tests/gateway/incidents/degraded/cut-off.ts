import type { Redis } from 'ioredis';
import type { AlarmEvent } from '../../../../devices/event.ts';
import { planDue } from '../../../../gateway/escalation/plan-due.ts';
import { choosePolicy } from '../../../../gateway/escalation/policies.ts';
import { NOBODY } from '../../../../gateway/escalation/reach.ts';
import type { Command } from '../../../../gateway/incidents/command.ts';
import { createCommands } from '../../../../gateway/incidents/commands.ts';
import { createAlarmDecider } from '../../../../gateway/incidents/decide.ts';
import { Keyspace } from '../../../../gateway/incidents/degraded/keyspace.ts';
import { createLocalStore } from '../../../../gateway/incidents/degraded/local-store.ts';
import type { LocalPlan } from '../../../../gateway/incidents/degraded/plan-journal.ts';
import { createMirror } from '../../../../gateway/incidents/degraded/mirror.ts';
import { createRejoin } from '../../../../gateway/incidents/degraded/rejoin.ts';
import type { Performer } from '../../../../gateway/incidents/performer.ts';
import { isOpen } from '../../../../gateway/incidents/record.ts';
import { runCommitScript } from '../../../../gateway/incidents/run-script.ts';
import { createIncidentStore, type IncidentStore } from '../../../../gateway/incidents/store.ts';
import { REDIS_KEYS } from '../../../../gateway/store/keys.ts';
import type { Directory } from '../../../../gateway/registry/directory.ts';
import { NOW, operator, register } from '../build.ts';
import { silent } from '../world.ts';

export const claim: Command = { name: 'claim', body: {} };
export const note = (text: string): Command => ({ name: 'note', body: { text } });
export const close: Command = { name: 'resolve', body: { outcome: 'helped', contact: 'spoke-with-person' } };

/** What one side does, with a clock of both. */
function openSide(
  store: IncidentStore,
  clock: { readonly nowMs: () => number; readonly monoMs: () => number },
  directory: Directory,
) {
  const deps = { store, directory: () => directory, choosePolicy, clock };
  const commands = createCommands(deps);
  return {
    store,
    decide: createAlarmDecider(deps),
    act: async (incidentId: string, command: Command, actor: Performer = operator) =>
      (await commands({ incidentId, command, actor, commandId: null, mayAct: () => true })).kind,
    due: async (incidentId: string) => {
      const incident = await store.loadIncident(incidentId);
      const due =
        incident !== null && isOpen(incident) ? planDue(incident, () => NOBODY, { nowMs: clock.nowMs() }) : null;
      if (due !== null) await store.commit(due.plan);
    },
  };
}

/** A gateway that was cut off from Redis just now, and Redis, where another one goes on. */
export async function cutOff(redis: Redis, directory: Directory = register()) {
  let nowMs = NOW;
  const clock = { nowMs: () => nowMs, monoMs: () => nowMs };
  const there = createIncidentStore(redis, REDIS_KEYS.alarms);
  const space = new Keyspace();
  const mirror = createMirror({ space, redis, clock, logger: silent, note: () => undefined });
  let made = 0;
  const local = createLocalStore({
    journal: { append: () => Promise.resolve(), rewrite: () => Promise.resolve() },
    // As if Redis had been away for days.
    compactFrom: 3,
    alarmStream: REDIS_KEYS.alarms,
    newPlanId: () => `gw:${(made += 1)}`,
    onDone: () => undefined,
    clock,
    logger: silent,
  });
  const onRedis = openSide(there, clock, directory);
  const setAside: string[] = [];
  const rejoin = (run = (request: Parameters<typeof runCommitScript>[1]) => runCommitScript(redis, request)) =>
    createRejoin({
      local,
      store: there,
      run,
      decide: onRedis.decide,
      wasSent: () => false,
      onSetAside: async ({ id }, lines) => void setAside.push(`${id} ${lines.length > 0 ? 'with' : 'without'} lines`),
      gatewayId: 'gw',
      nowMs: () => nowMs,
      logger: silent,
    });
  return {
    redis,
    local,
    onRedis,
    here: openSide(local.store, clock, directory),
    pass: (ms: number) => {
      nowMs += ms;
    },
    cut: async () => {
      await mirror.load((await there.loadOpen()).map(({ id }) => id));
      local.open(space.copy(nowMs), []);
    },
    /** The gateway dies and starts again while Redis is away, with these plans on its disk. */
    restart: (plans: readonly LocalPlan[]) => local.open(space.copy(nowMs), plans),
    rejoin,
    setAside,
    log: async (id: string) => (await there.loadEntries(id)).map(({ type }) => type),
    notes: async (id: string) =>
      (await there.loadEntries(id)).flatMap(({ type, said }) => (type === 'note' ? [said['text']] : [])),
  };
}

export const at = (event: AlarmEvent, receivedAt: number): AlarmEvent => ({ ...event, receivedAt });
