import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../gateway/clock.ts';
import { choosePolicy } from '../../../gateway/escalation/policies.ts';
import type { Command } from '../../../gateway/incidents/command.ts';
import { createCommands } from '../../../gateway/incidents/commands.ts';
import type { Performer } from '../../../gateway/incidents/performer.ts';
import { ownRedis } from '../../harness/own-servers.ts';
import { createRedis } from '../../harness/redis.ts';
import { until } from '../../harness/until.ts';
import { colleague, openIncident, operator, pressed, register, resolvedIncident, supervisor } from './build.ts';
import { openGateway, type TestGateway } from './world.ts';

const claim: Command = { name: 'claim', body: {} };
const note = (text: string): Command => ({ name: 'note', body: { text } });
const close: Command = { name: 'resolve', body: { outcome: 'helped', contact: 'spoke-with-person' } };

async function openCase(url?: string) {
  const redisUrl = url ?? (await createRedis()).redisUrl;
  const gateway = await openGateway(redisUrl);
  const { incidentId } = await gateway.decide(pressed(), null);
  const act = (
    command: Command,
    actor: Performer = operator,
    commandId: string | null = null,
    on: TestGateway = gateway,
  ) => on.commands({ incidentId: incidentId ?? '', command, actor, commandId, mayAct: () => true });
  const log = async () => (await gateway.store.loadEntries(incidentId ?? '')).map(({ type }) => type);
  return { redisUrl, gateway, incidentId: incidentId ?? '', act, log };
}

describe('Two operators', () => {
  test('who claim at once: one has it, the other is told who', async () => {
    const { redisUrl, act, log } = await openCase();
    const other = await openGateway(redisUrl);
    const answers = await Promise.all([act(claim, operator), act(claim, colleague, null, other)]);
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['done', 'refused']);
    const loser = answers.find((answer) => answer.kind === 'refused');
    expect(loser).toMatchObject({ refusal: { code: 'claimed-by-other' }, incident: { state: 'claimed' } });
    expect((await log()).filter((type) => type === 'claimed')).toHaveLength(1);
  });

  test('fifty who write notes at once: every note is kept, and one of them has the case', async () => {
    const { act, gateway, incidentId } = await openCase();
    const people = Array.from({ length: 50 }, (_, n) => ({
      id: `u${n}`,
      tag: `user:u${n}`,
      isSupervisor: false,
      isHelper: false,
    }));
    const answers = await Promise.all(people.map((actor, n) => act(note(`note ${n}`), actor)));
    expect(answers.every(({ kind }) => kind === 'done')).toBe(true);
    const entries = await gateway.store.loadEntries(incidentId);
    const texts = entries.flatMap(({ type, said }) => (type === 'note' ? [String(said['text'])] : []));
    expect(texts.toSorted()).toEqual(people.map((_, n) => `note ${n}`).toSorted());
    expect(entries.filter(({ type }) => type === 'claimed')).toHaveLength(1);
  });
});

describe('An Idempotency-Key', () => {
  test('that comes again gets the first answer, and nothing is done twice', async () => {
    const { act, log } = await openCase();
    const first = await act(note('he fell'), operator, 'k1');
    await act(note('another'), operator, 'k2');
    const again = await act(note('he fell'), operator, 'k1');
    expect(again).toMatchObject({ kind: 'done', position: null });
    expect(again.kind === 'done' && again.incident).toEqual(first.kind === 'done' && first.incident);
    expect((await log()).filter((type) => type === 'note')).toHaveLength(2);
  });

  test('sent twice at once is done once', async () => {
    const { act, log } = await openCase();
    await Promise.all(Array.from({ length: 20 }, () => act(note('he fell'), operator, 'k1')));
    expect((await log()).filter((type) => type === 'note')).toHaveLength(1);
  });

  test('of something else is refused', async () => {
    const { act } = await openCase();
    await act(note('he fell'), operator, 'k1');
    expect((await act(note('he did not'), operator, 'k1')).kind).toBe('key-reused');
    expect((await act(claim, operator, 'k1')).kind).toBe('key-reused');
  });

  test('is each person’s own', async () => {
    const { act, log } = await openCase();
    await act(note('mine'), operator, 'k1');
    expect((await act(note('hers'), colleague, 'k1')).kind).toBe('done');
    expect((await log()).filter((type) => type === 'note')).toHaveLength(2);
  });

  test('of a claim that changed nothing does not claim anew after a release', async () => {
    const { act, gateway, incidentId } = await openCase();
    await act(claim, operator);
    await act(claim, operator, 'k1');
    await act({ name: 'release', body: {} }, supervisor);
    await act(claim, operator, 'k1');
    expect(await gateway.store.loadIncident(incidentId)).toMatchObject({ state: 'open', ownerId: null });
  });

  test('leaves no words of the command in Redis but beside the log', async () => {
    const { act, gateway } = await openCase();
    await act(note('ZHANG-SAN'), operator, 'k1');
    for (const key of await gateway.redis.keys('{zj}:*')) {
      if (key.startsWith('{zj}:personal:')) continue;
      expect(JSON.stringify(await gateway.redis.dump(key))).not.toContain('ZHANG-SAN');
    }
  });
});

test('a case that one may not see is not there, nor is one that is none', async () => {
  const { gateway, incidentId } = await openCase();
  const ask = (id: string, may: boolean) =>
    gateway.commands({ incidentId: id, command: claim, actor: operator, commandId: null, mayAct: () => may });
  expect((await ask(incidentId, false)).kind).toBe('not-found');
  expect((await ask('inc-none', true)).kind).toBe('not-found');
});

test('a claim whose answer was lost was made all the same: its repeat gets the first answer', async () => {
  const server = await ownRedis();
  const { gateway, incidentId, act } = await openCase(server.redisUrl);
  server.freeze();
  const lost = act(claim, operator, 'k1').then(
    () => 'answered',
    () => 'lost',
  );
  // What was sent stays in the socket and is carried out at the thaw; the connection has given up by then.
  expect(await lost).toBe('lost');
  server.thaw();
  await until(() => gateway.redis.status === 'ready', { timeoutMs: 30_000, what: 'the connection' });
  const repeats = await Promise.all([act(claim, operator, 'k1'), act(claim, operator, 'k1')]);
  expect(repeats.map(({ kind }) => kind)).toEqual(['done', 'done']);
  const entries = await gateway.store.loadEntries(incidentId);
  expect(entries.filter(({ type }) => type === 'claimed')).toHaveLength(1);
});

test('what was done before Redis was killed is there after it', async () => {
  const server = await ownRedis();
  const { gateway, incidentId, act, log } = await openCase(server.redisUrl);
  await act(claim);
  await act(note('he fell'), operator, 'k1');
  await act(close);
  const before = [await gateway.store.loadIncident(incidentId), await log()];
  await server.kill9();
  await server.start();
  await until(() => gateway.redis.status === 'ready', { timeoutMs: 30_000, what: 'the connection' });
  expect([await gateway.store.loadIncident(incidentId), await log()]).toEqual(before);
  expect((await act(note('he fell'), operator, 'k1')).kind).toBe('done');
  expect(await log()).toEqual(before[1]);
});

test('cases are neither merged nor split while Redis is away; it is said what to do instead, and that goes', async () => {
  const { gateway, incidentId } = await openCase();
  const { store } = gateway;
  const alone = createCommands({
    store,
    directory: () => register(),
    choosePolicy,
    clock: systemClock,
    isAlone: () => true,
  });
  const other = await gateway.decide(pressed({ deviceId: 'pendant-2' }), null);
  const act = (command: Command, on = incidentId) =>
    alone({ incidentId: on, command, actor: operator, commandId: null, mayAct: () => true });
  const moving: readonly (readonly [Command, string])[] = [
    [{ name: 'merge', body: { into: other.incidentId ?? '' } }, 'duplicate'],
    [{ name: 'split', body: { alarmIds: ['x'] } }, 'by hand'],
  ];
  for (const [command, instead] of moving) {
    const refusal = { code: 'degraded', detail: expect.stringContaining(instead) };
    expect(await act(command)).toMatchObject({ kind: 'refused', refusal });
  }
  for (const id of [incidentId, other.incidentId ?? '']) {
    expect((await act(claim, id)).kind).toBe('done');
    expect((await act(note('the same person'), id)).kind).toBe('done');
  }
  const closing = { outcome: 'duplicate', contact: 'spoke-with-person' } as const;
  expect((await act({ name: 'resolve', body: closing })).kind).toBe('done');
});

test('a case that Redis let go tells that it is kept as it is; one that it lost, that it comes back', async () => {
  const { gateway } = await openCase();
  const archived = [resolvedIncident(), openIncident()];
  const deps = { store: gateway.store, directory: () => register(), choosePolicy, clock: systemClock };
  const loadArchived = (id: string) => Promise.resolve(archived.find((known) => known.id === id) ?? null);
  const refusalOf = async (incidentId: string, { isAlone = false, maySee = true } = {}) => {
    const commands = createCommands({ ...deps, loadArchived, isAlone: () => isAlone });
    const command = note('her son phoned');
    const result = await commands({ incidentId, command, actor: operator, commandId: null, mayAct: () => maySee });
    return result.kind === 'refused' ? result.refusal.code : result.kind;
  };
  const [closed = '', open = ''] = archived.map(({ id }) => id);
  expect(await refusalOf(closed)).toBe('archived');
  expect(await refusalOf(open)).toBe('degraded');
  expect(await refusalOf('inc-nobody-knows')).toBe('not-found');
  expect(await refusalOf(closed, { maySee: false })).toBe('not-found');
  // The case may be in the Redis that is away.
  expect(await refusalOf(closed, { isAlone: true })).toBe('not-found');
});
