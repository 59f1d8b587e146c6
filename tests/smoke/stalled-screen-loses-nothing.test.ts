import { get, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { afterwards } from '../harness/cleanup.ts';
import { until } from '../harness/until.ts';
import type { Feed } from './world/feed.ts';
import type { Operator } from './world/operator.ts';
import { pressOnce } from './world/press.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

/** More than the sockets of the kernel and the gateway's bound of 1 MiB hold together, so that the stream has to end. */
const MAX_ROUNDS = 60;
const NOTES_A_ROUND = 25;
const LONG_NOTE = '老人说腿疼，女儿在路上。'.repeat(300);
/** A screen that is cut off comes back as often as it needs; each time it gets further. */
const MAX_RETURNS = 30;

/** A console that holds its stream open and does not read a byte of it. */
async function openAndStall({ gateway, operator }: World, after: string): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const url = `${gateway.httpUrl}/api/v1/events?after=${encodeURIComponent(after)}`;
  const request = get(url, { headers: { ...operator.proof } }, resolve);
  request.on('error', reject);
  const response = await promise;
  response.on('error', () => undefined);
  response.pause();
  response.socket.pause();
  afterwards(() => void response.destroy());
  return response;
}

/** What arrived before the end, as whole events: their last id, and which cases they were about. */
async function readRest(response: IncomingMessage): Promise<{ lastId: string | undefined; incidents: string[] }> {
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => (text += chunk));
  response.socket.resume();
  response.resume();
  await until(() => response.destroyed || response.readableEnded, { timeoutMs: 30_000, what: 'the end of the stream' });
  const events = text
    .split('\n\n')
    .slice(0, -1)
    .filter((block) => block.includes('event: incident'));
  return {
    lastId: /^id: (.*)$/m.exec(events.at(-1) ?? '')?.[1],
    incidents: events.map((block) => /"incident":\{"id":"([^"]+)"/.exec(block)?.[1] ?? ''),
  };
}

/** Comes back as a browser does, until it has seen all of them. */
async function comeBack(operator: Operator, lastId: string, seen: Set<string>, wanted: readonly string[]) {
  let last = lastId;
  for (let returns = 1; returns <= MAX_RETURNS; returns += 1) {
    const feed: Feed = await operator.listen({ lastEventId: last });
    const hasAll = () =>
      wanted.every((id) => seen.has(id) || feed.incidents.some(({ incident }) => incident.id === id));
    await until(() => feed.isOver() || hasAll(), { timeoutMs: 30_000, what: 'all cases, or the end of the stream' });
    for (const { incident } of feed.incidents) seen.add(incident.id);
    last = feed.lastEventId() ?? last;
    expect(feed.resets).toEqual([]);
    await feed.cut();
    if (hasAll()) return returns;
  }
  throw new Error(`not all cases after ${MAX_RETURNS} returns`);
}

test('a screen that stops reading is ended, holds nobody up, and has every case when it comes back', async () => {
  const world = await openWorld();
  const { gateway, operator, feed } = world;
  const { asOf } = await operator.list();
  const first = await pressAndSee(feed, await addDevice(gateway), { type: 'sos' });
  const stalled = await openAndStall(world, asOf ?? '');

  const wanted = [first.incident.id];
  const isEnded = () => gateway.stderr().includes('"reason":"unread"');
  for (let round = 0; round < MAX_ROUNDS && !isEnded(); round += 1) {
    const device = await addDevice(gateway);
    await pressOnce(device, { type: 'sos' });
    // Another screen is told before it would ring further (15 s), however much the stalled one has unread.
    const { incident } = await feed.until(
      (item) => item.entry.type === 'opened' && item.incident.deviceId === device.deviceId,
      'the press on a screen that reads',
      12_000,
    );
    wanted.push(incident.id);
    const write = () => operator.act(first.incident.id, 'note', { text: LONG_NOTE });
    await Promise.all(Array.from({ length: NOTES_A_ROUND }, write));
  }
  expect(isEnded()).toBe(true);

  const rest = await readRest(stalled);
  expect(rest.lastId).toBeDefined();
  const seen = new Set(rest.incidents);
  expect(wanted.every((id) => seen.has(id))).toBe(false);
  const returns = await comeBack(operator, rest.lastId ?? '', seen, wanted);
  expect(returns).toBe(1);
});
