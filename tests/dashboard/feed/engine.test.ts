import { expect, test } from 'vitest';
import type { Result } from '../../../dashboard/api/failure.ts';
import { failureOf } from '../../../dashboard/api/failure.ts';
import { FeedEngine } from '../../../dashboard/feed/engine.ts';
import type { FromWorker } from '../../../dashboard/feed/messages.ts';
import type { StreamHandlers } from '../../../dashboard/feed/stream.ts';
import type { Incident, IncidentPage } from '../../../gateway/api/contract/incident.ts';
import { buildEntry, buildIncident } from '../build-incident.ts';
import { ManualTimers, settle } from '../manual-timers.ts';

const STATUS = JSON.stringify({ degraded: false, checks: {} });

/** A gateway of which the test decides what it answers; streams are driven by hand. */
function createWorld(pages: () => Result<IncidentPage>) {
  const timers = new ManualTimers();
  const posted: FromWorker[] = [];
  const streams: { url: string; handlers: StreamHandlers; isClosed: boolean }[] = [];
  const requests: string[] = [];
  const engine = new FeedEngine({
    api: {
      get: <T>(path: string) => {
        requests.push(path);
        return Promise.resolve(pages() as Result<T>);
      },
    },
    openStream: (url, handlers) => {
      const stream = { url, handlers, isClosed: false };
      streams.push(stream);
      return {
        close: () => {
          stream.isClosed = true;
        },
      };
    },
    timers,
    nowMs: () => timers.nowMs,
    monoMs: () => timers.nowMs,
    random: () => 1,
    post: (message) => posted.push(message),
  });
  const last = () => {
    const stream = streams.at(-1);
    if (stream === undefined) throw new Error('no stream was opened');
    return stream;
  };
  return { engine, timers, posted, streams, requests, last };
}

const page = (items: Incident[], asOf: string | null = '5-0', next: string | null = null): Result<IncidentPage> => ({
  ok: true,
  value: { items, asOf, next },
});
const change = (version: number) => JSON.stringify({ entry: buildEntry('rang'), incident: buildIncident({ version }) });
const kinds = (posted: FromWorker[]) => posted.filter(({ kind }) => kind !== 'tick').map(({ kind }) => kind);

test('it loads the list and listens from where the list was read', async () => {
  const world = createWorld(() => page([buildIncident()]));
  world.engine.start();
  await settle();
  expect(world.last().url).toBe('/api/v1/events?after=5-0');
  world.last().handlers.opened();
  world.last().handlers.heard('status', STATUS, '');
  expect(kinds(world.posted)).toEqual(['snapshot', 'stream', 'status']);
  expect(world.engine.isLive()).toBe(true);
});

test('starting twice opens one stream', async () => {
  const world = createWorld(() => page([]));
  world.engine.start();
  world.engine.start();
  await settle();
  expect(world.streams).toHaveLength(1);
});

test('a lost stream goes on after the last id that was heard', async () => {
  const world = createWorld(() => page([]));
  world.engine.start();
  await settle();
  world.last().handlers.opened();
  world.last().handlers.heard('incident', change(2), '7-3');
  world.last().handlers.failed();
  expect(world.posted.at(-1)).toEqual({ kind: 'stream', isUp: false });
  await world.timers.pass(500);
  expect(world.streams).toHaveLength(2);
  expect(world.last().url).toBe('/api/v1/events?after=7-3');
  expect(world.requests).toHaveLength(1);
});

test('a stream that cannot even be opened leads to a fresh list, which tells whether the session still stands', async () => {
  const world = createWorld(() => page([]));
  world.engine.start();
  await settle();
  world.last().handlers.failed();
  await world.timers.pass(500);
  expect(world.requests).toHaveLength(2);
  expect(world.streams).toHaveLength(2);
});

test('a half-open stream that says nothing for ten seconds is given up', async () => {
  const world = createWorld(() => page([]));
  world.engine.start();
  await settle();
  world.last().handlers.opened();
  world.last().handlers.heard('status', STATUS, '');
  await world.timers.pass(11_000);
  expect(world.streams[0]?.isClosed).toBe(true);
  expect(world.streams.length).toBeGreaterThan(1);
  expect(world.engine.isLive()).toBe(false);
});

test('a reset closes the stream, reads the list again and goes on from there', async () => {
  let asOf = '5-0';
  const world = createWorld(() => page([buildIncident()], asOf));
  world.engine.start();
  await settle();
  world.last().handlers.opened();
  asOf = '99-0';
  world.last().handlers.heard('reset', JSON.stringify({ reason: 'older-than-kept', asOf }), '');
  await settle();
  expect(world.streams[0]?.isClosed).toBe(true);
  expect(world.last().url).toBe('/api/v1/events?after=99-0');
  expect(kinds(world.posted).filter((kind) => kind === 'snapshot')).toHaveLength(2);
});

test('while degraded the list is read again once the stream is open, and news meanwhile is not lost under it', async () => {
  const world = createWorld(() => page([buildIncident({ version: 1 })], null));
  world.engine.start();
  await settle();
  expect(world.last().url).toBe('/api/v1/events');
  world.last().handlers.opened();
  world.last().handlers.heard('incident', change(6), '');
  await settle();
  expect(world.requests).toHaveLength(2);
  const shown = world.engine.catchUp()[0];
  expect(shown?.kind === 'snapshot' && shown.incidents[0]?.version).toBe(6);
});

test('a list that cannot be read is tried again for ever, seconds apart', async () => {
  let isUp = false;
  const world = createWorld(() => (isUp ? page([]) : { ok: false, failure: failureOf('network') }));
  world.engine.start();
  await world.timers.pass(60_000);
  expect(world.requests.length).toBeGreaterThan(12);
  isUp = true;
  await world.timers.pass(4000);
  expect(world.streams).toHaveLength(1);
});

test('an event that cannot be read may have been an alarm: the list is read again', async () => {
  const world = createWorld(() => page([]));
  world.engine.start();
  await settle();
  world.last().handlers.opened();
  world.last().handlers.heard('incident', '{"entry":', '8-0');
  await settle();
  expect(world.requests).toHaveLength(2);
});

test('every page is read, and the stream goes on from the first page', async () => {
  const answers = [page([buildIncident({ id: 'a' })], '5-0', 'c1'), page([buildIncident({ id: 'b' })], '6-0')];
  const world = createWorld(() => answers.shift() ?? page([]));
  world.engine.start();
  await settle();
  expect(world.requests).toEqual(['/incidents', '/incidents?cursor=c1']);
  expect(world.last().url).toBe('/api/v1/events?after=5-0');
});

test('nothing goes on after stop, and it can be started again', async () => {
  const world = createWorld(() => page([]));
  world.engine.start();
  await settle();
  world.engine.stop();
  world.engine.stop();
  world.streams[0]?.handlers.failed();
  expect(world.timers.pending).toBe(0);
  expect(world.engine.catchUp()).toEqual([]);
  world.engine.start();
  await settle();
  expect(world.streams).toHaveLength(2);
});
