import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { AlarmEvent } from '../../../devices/event.ts';
import { systemClock, type Clock } from '../../../gateway/clock.ts';
import { createAlarmGroup } from '../../../gateway/incidents/dispatch/alarm-group.ts';
import { createCommands } from '../../../gateway/incidents/commands.ts';
import { choosePolicy } from '../../../gateway/escalation/policies.ts';
import { createAlarmDecider, type AlarmDecider } from '../../../gateway/incidents/decide.ts';
import { createDispatcher, type Dispatcher } from '../../../gateway/incidents/dispatch/dispatcher.ts';
import { createLogReader } from '../../../gateway/incidents/log/log-reader.ts';
import { createLogTail } from '../../../gateway/incidents/log/log-tail.ts';
import { createIncidentStore } from '../../../gateway/incidents/store.ts';
import { createGiveUp } from '../../../gateway/incidents/dispatch/unprocessed.ts';
import { REDIS_KEYS } from '../../../gateway/store/keys.ts';
import { connectRedis, type RedisRole } from '../../../gateway/store/redis.ts';
import type { Directory } from '../../../gateway/registry/directory.ts';
import { until } from '../../harness/until.ts';
import { register } from './build.ts';

export const silent = pino({ level: 'silent' });

export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** A connection as the gateway makes it; closed after the test. */
export async function connect(redisUrl: string, role: RedisRole = 'command'): Promise<Redis> {
  const redis = connectRedis({ target: redisUrl, role, gatewayId: 'test', logger: silent });
  onTestFinished(() => redis.disconnect());
  await until(() => redis.status === 'ready', { timeoutMs: 30_000, what: 'a connection to Redis' });
  return redis;
}

/** What one gateway has of the incidents, on a real Redis. */
export async function openGateway(
  redisUrl: string,
  options: { readonly clock?: Clock; readonly directory?: Directory } = {},
) {
  const { clock = systemClock, directory = register() } = options;
  const redis = await connect(redisUrl);
  const store = createIncidentStore(redis, REDIS_KEYS.alarms);
  const decide = createAlarmDecider({ store, directory: () => directory, choosePolicy, clock });
  const giveUp = createGiveUp({ store, directory: () => directory, choosePolicy, clock });

  /** A dispatcher that ends with the test. */
  async function startDispatcher(
    consumer: string,
    changes: { readonly decide?: AlarmDecider; readonly takeOverAfterMs?: number } = {},
  ): Promise<Dispatcher> {
    const group = createAlarmGroup({
      reader: await connect(redisUrl, 'dispatch'),
      redis,
      alarmStream: REDIS_KEYS.alarms,
      consumer,
    });
    const dispatcher = createDispatcher({ group, decide, giveUp, clock, logger: silent, pause, ...changes });
    onTestFinished(() => dispatcher.stop());
    dispatcher.start();
    return dispatcher;
  }

  /** A tail that ends with the test. */
  async function startTail() {
    const reader = createLogReader({ blocking: await connect(redisUrl, 'feed'), redis, store });
    const tail = createLogTail({ reader, store, clock, logger: silent, pause });
    onTestFinished(() => tail.stop());
    await tail.start();
    return { tail, reader };
  }

  return {
    redis,
    store,
    decide,
    giveUp,
    commands: createCommands({ store, directory: () => directory, choosePolicy, clock }),
    startDispatcher,
    startTail,
    /** As the door does it. */
    add: async (event: AlarmEvent): Promise<string> =>
      (await redis.xadd(REDIS_KEYS.alarms, '*', 'event', JSON.stringify(event))) ?? '',
    pending: async (): Promise<number> => {
      const [count] = (await redis.xpending(REDIS_KEYS.alarms, 'dispatch')) as [number];
      return count;
    },
  };
}

export type TestGateway = Awaited<ReturnType<typeof openGateway>>;

/** Every alarm id that lies with an incident, over all incidents, sorted; a doubled one would stand twice. */
export async function alarmsInIncidents({ redis }: TestGateway): Promise<string[]> {
  const ids = await redis.zrange('{zj}:incidents:all', '0', '-1');
  const lists = await Promise.all(ids.map((id) => redis.lrange(`{zj}:incident:${id}:alarms`, 0, -1)));
  return lists.flat().toSorted();
}
