import { buildHub, servePort } from './build-hub.ts';
import type { FromWorker, ToWorker } from './messages.ts';

export type FeedClient = {
  readonly post: (message: ToWorker) => void;
  /** Ends the connection to the holder of the stream. */
  readonly close: () => void;
};

/** A worker ticks every second; silent for this long it has died or was never started (chosen). */
const WORKER_SILENCE_MS = 5000;
const CHECK_MS = 1000;

/**
 * Connects this window to the browser's one stream. Where there are no shared workers, or the worker does not answer, the
 * window holds the stream itself: the same hub, in the same page.
 */
export function connectFeed(receive: (message: FromWorker) => void): FeedClient {
  let joined: ToWorker | null = null;
  let duty: (ToWorker & { readonly kind: 'duty' }) | null = null;
  let port: MessagePort | null = null;
  let heardAtMs = performance.now();

  function use(next: MessagePort): void {
    port = next;
    next.onmessage = (event: MessageEvent<FromWorker>) => {
      if (port !== next) return;
      heardAtMs = performance.now();
      if (event.data.kind === 'tick') next.postMessage({ kind: 'here' } satisfies ToWorker);
      // What was said of the shift then may have been taken back since, here or elsewhere.
      if (event.data.kind === 'rejoin') introduce(next, duty === null ? null : { ...duty, on: null });
      else receive(event.data);
    };
    introduce(next, duty);
  }

  function introduce(to: MessagePort, said: ToWorker | null): void {
    if (joined !== null) to.postMessage(joined);
    if (said !== null) to.postMessage(said);
  }

  function useOwnHub(): void {
    globalThis.clearInterval(silenceTimer);
    port?.postMessage({ kind: 'leave' } satisfies ToWorker);
    const channel = new MessageChannel();
    servePort(buildHub(), channel.port2);
    use(channel.port1);
  }

  let checkedAtMs = performance.now();
  const silenceTimer = globalThis.setInterval(() => {
    const nowMs = performance.now();
    // A computer that slept was silent itself: the worker gets its time anew.
    if (nowMs - checkedAtMs > WORKER_SILENCE_MS) heardAtMs = nowMs;
    checkedAtMs = nowMs;
    if (joined !== null && nowMs - heardAtMs > WORKER_SILENCE_MS) useOwnHub();
  }, CHECK_MS);

  const worker = openWorker();
  if (worker === null) useOwnHub();
  else {
    worker.addEventListener('error', useOwnHub, { once: true });
    use(worker.port);
  }

  const post = (message: ToWorker): void => {
    if (message.kind === 'join') {
      heardAtMs = performance.now();
      joined = message;
    } else if (message.kind === 'leave') {
      joined = null;
      duty = null;
    } else if (message.kind === 'duty') duty = message;
    port?.postMessage(message);
  };
  const leave = (): void => post({ kind: 'leave' });
  globalThis.addEventListener('pagehide', leave);

  return {
    post,
    close: () => {
      globalThis.removeEventListener('pagehide', leave);
      globalThis.clearInterval(silenceTimer);
      leave();
      port?.close();
      port = null;
    },
  };
}

/** Vite replaces the URL by that of a file of its own, so the security policy needs no more than `worker-src 'self'`. */
function openWorker(): SharedWorker | null {
  if (typeof SharedWorker === 'undefined') return null;
  try {
    return new SharedWorker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'zhuji-feed' });
  } catch {
    // Forbidden by the browser's settings: the window holds the stream itself.
    return null;
  }
}
