import type { FromWorker, ToWorker } from './messages.ts';

/** The part of a MessagePort that the hub needs. */
export type HubPort = {
  readonly post: (message: FromWorker) => void;
};

export type HubParts = {
  readonly feed: {
    readonly start: () => void;
    readonly stop: () => void;
    readonly catchUp: () => readonly FromWorker[];
  };
  readonly presence: {
    readonly start: () => void;
    readonly stop: () => void;
    readonly want: (on: boolean | null, isSoundProven: boolean) => void;
    readonly catchUp: () => readonly FromWorker[];
  };
  readonly monoMs: () => number;
  readonly setCsrf: (csrf: string | null) => void;
};

/** A window answers each tick at once, also from the background; silent for this long it is gone or frozen (chosen). */
const WINDOW_SILENCE_MS = 15_000;

type Window = { isSoundProven: boolean; heardAtMs: number };

/**
 * Shares one stream and one heartbeat among the windows of a browser: runs while a window of the person is joined, tells
 * each joining window where things stand, and takes the browser's sound as proven when one window's is.
 */
export class FeedHub {
  readonly #joined = new Map<HubPort, Window>();
  readonly #parts: HubParts;
  #userId: string | null = null;
  #tickedAtMs = 0;

  constructor(parts: HubParts) {
    this.#parts = parts;
  }

  readonly broadcast = (message: FromWorker): void => {
    if (message.kind === 'tick') this.#dropSilent();
    for (const port of this.#joined.keys()) port.post(message);
  };

  receive(port: HubPort, message: ToWorker): void {
    const known = this.#joined.get(port);
    if (known !== undefined) known.heardAtMs = this.#parts.monoMs();
    switch (message.kind) {
      case 'join':
        return this.#join(port, message.userId, message.csrf);
      case 'leave':
        return this.#leave(port);
      case 'here':
        // Back from being frozen.
        if (known === undefined) port.post({ kind: 'rejoin' });
        return;
      case 'duty': {
        if (known === undefined) return;
        known.isSoundProven = message.isSoundProven;
        return this.#parts.presence.want(message.on, this.#isSoundProven());
      }
    }
  }

  #join(port: HubPort, userId: string, csrf: string): void {
    if (this.#userId !== null && this.#userId !== userId) this.#stop();
    this.#userId = userId;
    this.#parts.setCsrf(csrf);
    if (!this.#joined.has(port)) this.#joined.set(port, { isSoundProven: false, heardAtMs: this.#parts.monoMs() });
    for (const told of [...this.#parts.feed.catchUp(), ...this.#parts.presence.catchUp()]) port.post(told);
    this.#parts.feed.start();
    this.#parts.presence.start();
  }

  #leave(port: HubPort): void {
    if (!this.#joined.delete(port)) return;
    if (this.#joined.size === 0) this.#stop();
    else this.#parts.presence.want(null, this.#isSoundProven());
  }

  #dropSilent(): void {
    const nowMs = this.#parts.monoMs();
    // A computer that slept was silent itself: its windows get their time anew.
    if (nowMs - this.#tickedAtMs > WINDOW_SILENCE_MS)
      for (const known of this.#joined.values()) known.heardAtMs = nowMs;
    this.#tickedAtMs = nowMs;
    for (const [port, { heardAtMs }] of this.#joined) if (nowMs - heardAtMs > WINDOW_SILENCE_MS) this.#leave(port);
  }

  #stop(): void {
    this.#parts.feed.stop();
    this.#parts.presence.stop();
    this.#parts.setCsrf(null);
    this.#userId = null;
  }

  #isSoundProven(): boolean {
    return [...this.#joined.values()].some((window) => window.isSoundProven);
  }
}
