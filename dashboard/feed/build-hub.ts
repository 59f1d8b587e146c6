import { createApi } from '../api/client.ts';
import { createAwakeClock } from '../clock/awake.ts';
import { Presence } from '../duty/presence.ts';
import { FeedEngine } from './engine.ts';
import { FeedHub, type HubPort } from './hub.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { openEventSource } from './stream.ts';
import { browserTimers } from './timers.ts';

/** Puts the hub together, in the worker or (where there are no shared workers) in the window itself. */
export function buildHub(): FeedHub {
  let csrf: string | null = null;
  const post = (message: FromWorker): void => hub.broadcast(message);
  const api = createApi({
    fetch: (path, init) => fetch(path, init),
    csrf: () => csrf,
    heardDate: (date) => post({ kind: 'date', date, readAtMs: Date.now() }),
    lostSession: () => post({ kind: 'unauthenticated' }),
  });
  const monoMs = createAwakeClock(
    () => performance.now(),
    () => Date.now(),
  );
  const feed = new FeedEngine({
    api,
    openStream: openEventSource,
    timers: browserTimers,
    nowMs: () => Date.now(),
    monoMs,
    random: () => Math.random(),
    post,
  });
  const presence = new Presence({ api, timers: browserTimers, isLive: () => feed.isLive(), post });
  const hub: FeedHub = new FeedHub({
    feed,
    presence,
    monoMs,
    setCsrf: (next) => {
      csrf = next;
    },
  });
  return hub;
}

/** Connects a window's message port to the hub. */
export function servePort(hub: FeedHub, port: MessagePort): void {
  const window: HubPort = { post: (message) => port.postMessage(message) };
  port.onmessage = (event: MessageEvent<ToWorker>) => hub.receive(window, event.data);
}
