import { describe, expect, test } from 'vitest';
import { LOG_START, type LogPosition } from '../../../../gateway/incidents/log/log-position.ts';
import { createRedis } from '../../../harness/redis.ts';
import { until } from '../../../harness/until.ts';
import { HOUR, nextId, NOW, openIncident, pressed } from '../build.ts';
import { openGateway } from '../world.ts';

const LOG = '{zj}:incident-log';

describe('The tail', () => {
  test('tells each item once and in order, and its board ends as the store’s', async () => {
    const { redisUrl } = await createRedis();
    const gateway = await openGateway(redisUrl);
    await gateway.decide(pressed({ deviceId: 'before' }), null);
    const { tail } = await gateway.startTail();
    expect(tail.board.open()).toHaveLength(1);
    const heard: string[] = [];
    tail.subscribe(({ id }) => heard.push(id ?? ''));
    let last = '';
    for (let n = 0; n < 40; n += 1) {
      const { logIds } = await gateway.decide(pressed({ deviceId: `d-${n % 5}`, receivedAt: NOW + n * 6000 }), null);
      last = logIds.at(-1) ?? last;
    }
    await tail.reached(last as LogPosition, 2000);
    const all = (await gateway.redis.xrange(LOG, '-', '+')).map(([id]) => id);
    expect(heard).toEqual(all.slice(-heard.length));
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    expect(tail.board.open().toSorted(byId)).toEqual((await gateway.store.loadOpen()).toSorted(byId));
  });

  test('notices that everything is gone although the connection stayed, and begins anew', async () => {
    const { redisUrl } = await createRedis();
    const gateway = await openGateway(redisUrl);
    const { tail } = await gateway.startTail();
    let resets = 0;
    tail.onReset(() => {
      resets += 1;
    });
    const first = await gateway.decide(pressed(), null);
    await tail.reached(first.logIds.at(-1) as LogPosition, 2000);
    await gateway.redis.flushdb();
    // At once after it: entries of the new log must not hide the loss of the old one.
    await gateway.decide(pressed({ deviceId: 'after' }), null);
    await until(() => resets > 0, { timeoutMs: 30_000, what: 'a reset' });
    expect(tail.board.open().map(({ deviceId }) => deviceId)).toEqual(['after']);
  });

  test('follows a log whose time went back', async () => {
    const { redisUrl } = await createRedis();
    const gateway = await openGateway(redisUrl);
    await gateway.redis.xadd(LOG, `${Date.now() + 10 * HOUR}-0`, 'entry', '{}');
    const { tail } = await gateway.startTail();
    await gateway.redis.del(LOG);
    await gateway.decide(pressed({ deviceId: 'after' }), null);
    const has = () => tail.board.open().some(({ deviceId }) => deviceId === 'after');
    await until(has, { timeoutMs: 30_000, what: 'the incident on the board' });
  });

  test('is not held up by a line that nobody can read', async () => {
    const { redisUrl } = await createRedis();
    const gateway = await openGateway(redisUrl);
    const { tail } = await gateway.startTail();
    const heard: string[] = [];
    tail.subscribe(({ entry }) => heard.push(entry.type));
    for (const text of ['{', 'null', '7']) await gateway.redis.xadd(LOG, '*', 'entry', text, 'incident', text);
    await gateway.redis.xadd(LOG, '*', 'something', 'else');
    const { logIds } = await gateway.decide(pressed(), null);
    await tail.reached(logIds.at(-1) as LogPosition, 2000);
    expect(heard).toEqual([...Array.from({ length: 4 }, () => 'unreadable'), 'opened', 'received', 'rang']);
  });

  test('one listener that fails keeps no other from hearing', async () => {
    const { redisUrl } = await createRedis();
    const gateway = await openGateway(redisUrl);
    const { tail } = await gateway.startTail();
    const heard: string[] = [];
    tail.subscribe(() => {
      throw new Error('a console went wrong');
    });
    tail.subscribe(({ entry }) => heard.push(entry.type));
    const { logIds } = await gateway.decide(pressed(), null);
    await tail.reached(logIds.at(-1) as LogPosition, 2000);
    expect(heard).toEqual(['opened', 'received', 'rang']);
  });
});

describe('The log', () => {
  test('tells what it holds, what it keeps and what is newest', async () => {
    const { redisUrl } = await createRedis();
    const gateway = await openGateway(redisUrl);
    const { reader } = await gateway.startTail();
    expect([await reader.newest(), await reader.keptFrom(), await reader.holds(LOG_START)]).toEqual([
      '0-0',
      '0-0',
      true,
    ]);
    const ids: LogPosition[] = [];
    for (let n = 1; n <= 6; n += 1) ids.push((await gateway.redis.xadd(LOG, `${n}-0`, 'entry', '{}')) as LogPosition);
    expect(await reader.keptFrom()).toBe(LOG_START);
    expect(await reader.newest()).toBe('6-0');
    expect(await Promise.all(ids.map((id) => reader.holds(id)))).toEqual(ids.map(() => true));
    expect(await reader.holds('2-1' as LogPosition)).toBe(false);
    expect(await reader.holds('7-0' as LogPosition)).toBe(false);
    // A trim does not tell what it took in max-deleted-entry-id.
    await gateway.redis.xtrim(LOG, 'MAXLEN', 3);
    expect(await reader.keptFrom()).toBe('4-0');
    await gateway.redis.xtrim(LOG, 'MAXLEN', 0);
    expect([await reader.keptFrom(), await reader.newest()]).toEqual(['6-0', '6-0']);
  });

  test('gives pages after a position', async () => {
    const { redisUrl } = await createRedis();
    const gateway = await openGateway(redisUrl);
    const { reader } = await gateway.startTail();
    const line = { incidentId: null, type: 'note', actor: 'system', at: NOW, data: {} };
    const plan = { incidents: [], guarded: [], events: [], notifications: [], ack: null };
    await gateway.store.commit({ ...plan, entries: Array.from({ length: 7 }, () => line) });
    const all = await reader.page(LOG_START, 100);
    expect(all).toHaveLength(7);
    expect(await reader.page(all[2]?.id ?? LOG_START, 3)).toEqual(all.slice(3, 6));
  });

  test('shows an incident as it stands when the line was written, also on a line that changes nothing of it', async () => {
    const { redisUrl } = await createRedis();
    const gateway = await openGateway(redisUrl);
    const { reader } = await gateway.startTail();
    const record = openIncident({ id: `inc-${nextId()}` as never });
    const line = { incidentId: record.id, type: 'note', actor: 'system', at: NOW, data: {} };
    const plan = { guarded: [], events: [], entries: [line], notifications: [], ack: null };
    await gateway.store.commit({ ...plan, incidents: [{ record, was: null }] });
    await gateway.store.commit({ ...plan, incidents: [] });
    expect((await reader.page(LOG_START, 10)).map(({ incident }) => incident)).toEqual([record, record]);
  });
});
