import type { Incident } from '../../gateway/api/contract/incident.ts';
import type { DutyStatus } from '../../gateway/api/contract/session.ts';
import { connectFeed, type FeedClient } from './client.ts';
import { judgeLiveness, type Liveness } from './liveness.ts';
import type { FromWorker } from './messages.ts';
import { EMPTY_FEED, reduceFeed, type FeedState } from './state.ts';

export type FeedView = FeedState & {
  readonly duty: DutyStatus | null;
  /** Whether the gateway answered the last heartbeat. */
  readonly isPresenceConfirmed: boolean;
};

const EMPTY_VIEW: FeedView = { ...EMPTY_FEED, duty: null, isPresenceConfirmed: true };

export type FeedStoreDeps = {
  readonly connect?: typeof connectFeed;
  readonly nowMs: () => number;
  readonly monoMs: () => number;
  readonly heardDate: (date: string, readAtMs: number) => void;
  readonly lostSession: () => void;
  readonly ticked: () => void;
};

/** The window's end of the feed: holds what has come, tells the screen when it changed. */
export class FeedStore {
  readonly #deps: FeedStoreDeps;
  readonly #listeners = new Set<() => void>();
  #client: FeedClient | null = null;
  #view: FeedView = EMPTY_VIEW;
  #startedAtMs = 0;

  constructor(deps: FeedStoreDeps) {
    this.#deps = deps;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly view = (): FeedView => this.#view;

  /** Begins for this person, or goes on with a new session of the same. */
  start(userId: string, csrf: string): void {
    if (this.#client === null) {
      this.#startedAtMs = this.#deps.monoMs();
      this.#client = (this.#deps.connect ?? connectFeed)((message) => this.#receive(message));
    }
    this.#client.post({ kind: 'join', userId, csrf });
  }

  stop(): void {
    this.#client?.close();
    this.#client = null;
    this.#put(EMPTY_VIEW);
  }

  readonly tellDuty = (on: boolean | null, isSoundProven: boolean): void => {
    this.#client?.post({ kind: 'duty', on, isSoundProven });
  };

  /** What a command answered is shown at once, not only when the stream brings it. */
  readonly learn = (incident: Incident): void => this.#receive({ kind: 'answer', incident });

  readonly liveness = (): Liveness => {
    const { statusAtMs, isStreaming, isLoaded } = this.#view;
    const monoMs = this.#deps.monoMs();
    return judgeLiveness({ monoMs, startedAtMs: this.#startedAtMs, statusAtMs, isStreaming, isLoaded });
  };

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'tick':
        return this.#deps.ticked();
      case 'date':
        return this.#deps.heardDate(message.date, message.readAtMs);
      case 'unauthenticated':
        return this.#deps.lostSession();
      case 'duty':
        return this.#put({ ...this.#view, duty: message.duty, isPresenceConfirmed: message.isConfirmed });
      default: {
        const feed = reduceFeed(this.#view, message, this.#deps.nowMs(), this.#deps.monoMs());
        if (feed !== this.#view) this.#put({ ...this.#view, ...feed });
      }
    }
  }

  #put(view: FeedView): void {
    this.#view = view;
    for (const listener of this.#listeners) listener();
  }
}
