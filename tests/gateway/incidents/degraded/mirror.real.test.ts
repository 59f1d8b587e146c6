import { expect, test } from 'vitest';
import type { AlarmEvent } from '../../../../devices/event.ts';
import { systemClock } from '../../../../gateway/clock.ts';
import { Keyspace } from '../../../../gateway/incidents/degraded/keyspace.ts';
import { Undecided } from '../../../../gateway/incidents/degraded/undecided.ts';
import { createMirror } from '../../../../gateway/incidents/degraded/mirror.ts';
import { INCIDENT_KEYS } from '../../../../gateway/incidents/keys.ts';
import type { LogPosition } from '../../../../gateway/incidents/log/log-position.ts';
import { createRedis } from '../../../harness/redis.ts';
import { operator, pressed } from '../build.ts';
import { openGateway, silent } from '../world.ts';
import { close } from './cut-off.ts';

const DAY = 24 * 60 * 60 * 1000;

test('the index of somebody with nothing open comes to its end as it does in Redis; one with an open case stays', async () => {
  const { redis, decide, commands, store } = await openGateway((await createRedis()).redisUrl);
  const space = new Keyspace();
  const mirror = createMirror({ space, redis, clock: systemClock, logger: silent, note: () => undefined });
  const incidentId = (await decide(pressed(), null)).incidentId ?? '';
  const key = INCIDENT_KEYS.index((await store.loadIncident(incidentId))?.subject ?? '');

  await mirror.load([incidentId]);
  const open = await redis.get(key);
  expect(open).toContain(incidentId);
  expect(space.text(key, Date.now() + 365 * DAY)).toBe(open);

  await commands({ incidentId, command: close, actor: operator, commandId: null, mayAct: () => true });
  await mirror.load([incidentId]);
  const closed = await redis.get(key);
  expect(closed).not.toBe(open);
  expect(space.text(key, Date.now() + 89 * DAY)).toBe(closed);
  expect(space.text(key, Date.now() + 91 * DAY)).toBeNull();
});

test('an alarm that came in here is known whole as soon as the log tells of it, also when Redis dies at that moment', async () => {
  const { redis, decide, store } = await openGateway((await createRedis()).redisUrl);
  const space = new Keyspace();
  const mirror = createMirror({ space, redis, clock: systemClock, logger: silent, note: () => undefined });
  const [own, others] = [pressed({ message: { id: '1' } }), pressed({ message: { id: '2' } })];
  const incidentId = (await decide(own, null)).incidentId ?? '';
  await decide(others, null);
  const incident = await store.loadIncident(incidentId);
  const entries = await store.loadEntries(incidentId);
  redis.disconnect();

  const undecided = new Undecided();
  undecided.add(own);
  for (const entry of entries) {
    const held = undecided.decided(String(entry.data['alarmId']) as AlarmEvent['id']);
    mirror.takeItem({ id: entry.id as LogPosition, entry, incident }, held);
  }
  expect(space.list(INCIDENT_KEYS.alarms(incidentId))).toEqual([own.id, others.id]);
  expect(JSON.parse(space.text(INCIDENT_KEYS.event(own.id), Date.now()) ?? '')).toEqual(own);
  expect(space.text(INCIDENT_KEYS.event(others.id), Date.now())).toBeNull();
  expect(undecided.all()).toEqual([]);
});
