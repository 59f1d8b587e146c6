import type { FeedIncident, FeedStatus } from '../../gateway/api/contract/feed.ts';
import type { Api } from '../api/client.ts';
import { calcRetryMs } from './backoff.ts';
import { STATUS_LIMIT_MS } from './liveness.ts';
import { loadOpenIncidents } from './load.ts';
import type { FromWorker } from './messages.ts';
import { EMPTY_FEED, reduceFeed, type FeedState } from './state.ts';
import type { OpenStream, Stream } from './stream.ts';
import type { Timers } from './timers.ts';

export type EngineDeps = {
  readonly api: Pick<Api, 'get'>;
  readonly openStream: OpenStream;
  readonly timers: Timers;
  readonly nowMs: () => number;
  readonly monoMs: () => number;
  readonly random: () => number;
  readonly post: (message: FromWorker) => void;
};

const TICK_MS = 1000;

/**
 * Loads the open incidents, then listens from there, for ever: every way in which the stream can end leads to another
 * one from the last id that was heard, or to a fresh list when that id is no longer good.
 */
export class FeedEngine {
  readonly #deps: EngineDeps;
  #state: FeedState = EMPTY_FEED;
  #stream: Stream | null = null;
  #lastId: string | null = null;
  /** News that came while a list was being read; it is newer than the list. */
  #meanwhile: FeedIncident[] | null = null;
  #attempt = 0;
  /** Raised whenever what is under way no longer counts. */
  #run = 0;
  #heardAtMs = 0;
  #retryTimer: unknown = null;
  #tickTimer: unknown = null;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#tickTimer !== null) return;
    this.#tickTimer = this.#deps.timers.every(TICK_MS, () => this.#tick());
    this.#reload();
  }

  stop(): void {
    this.#abandon();
    this.#deps.timers.cancel(this.#tickTimer);
    this.#tickTimer = null;
    this.#state = EMPTY_FEED;
    this.#lastId = null;
    this.#attempt = 0;
  }

  /** Whether the gateway has shown signs of life on the stream lately. */
  isLive(): boolean {
    const { statusAtMs, isStreaming } = this.#state;
    return isStreaming && statusAtMs !== null && this.#deps.monoMs() - statusAtMs < STATUS_LIMIT_MS;
  }

  /** What a window that joins now must be told to stand where the others stand. */
  catchUp(): readonly FromWorker[] {
    const { isLoaded, incidents, status, statusAtMs, isStreaming } = this.#state;
    if (!isLoaded) return [];
    const messages: FromWorker[] = [
      { kind: 'snapshot', incidents: [...incidents.values()], heardAt: this.#deps.nowMs() },
      { kind: 'stream', isUp: isStreaming },
    ];
    if (status !== null && statusAtMs !== null) {
      messages.push({ kind: 'status', status, ageMs: this.#deps.monoMs() - statusAtMs });
    }
    return messages;
  }

  #tell(message: FromWorker): void {
    this.#state = reduceFeed(this.#state, message, this.#deps.nowMs(), this.#deps.monoMs());
    this.#deps.post(message);
  }

  #abandon(): number {
    this.#stream?.close();
    this.#stream = null;
    this.#meanwhile = null;
    this.#deps.timers.cancel(this.#retryTimer);
    this.#retryTimer = null;
    this.#run += 1;
    return this.#run;
  }

  #reload(): void {
    const run = this.#abandon();
    void this.#load(run).then((isLoaded) => {
      if (isLoaded) this.#listen(run);
    });
  }

  /** False when it failed (another attempt is then planned) or is no longer wanted. */
  async #load(run: number): Promise<boolean> {
    const result = await loadOpenIncidents(this.#deps.api);
    if (run !== this.#run) return false;
    if (!result.ok) {
      this.#retry(() => this.#reload());
      return false;
    }
    this.#lastId = result.value.asOf;
    this.#tell({ kind: 'snapshot', incidents: result.value.incidents, heardAt: this.#deps.nowMs() });
    const meanwhile = this.#meanwhile ?? [];
    this.#meanwhile = null;
    for (const change of meanwhile) this.#tell({ kind: 'incident', change, heardAt: this.#deps.nowMs() });
    return true;
  }

  #listen(run: number): void {
    const after = this.#lastId === null ? '' : `?after=${encodeURIComponent(this.#lastId)}`;
    let hasOpened = false;
    this.#heardAtMs = this.#deps.monoMs();
    this.#stream = this.#deps.openStream(`/api/v1/events${after}`, {
      opened: () => {
        if (run !== this.#run) return;
        hasOpened = true;
        this.#heardAtMs = this.#deps.monoMs();
        this.#tell({ kind: 'stream', isUp: true });
        if (after === '') {
          // Degraded, no resume point: the stream begins now, so the list must be read once more to close the gap.
          this.#meanwhile = [];
          void this.#load(run);
        }
      },
      heard: (event, data, lastEventId) => {
        if (run === this.#run) this.#hear(event, data, lastEventId);
      },
      failed: () => {
        if (run === this.#run) this.#lose(hasOpened);
      },
    });
  }

  #hear(event: 'incident' | 'status' | 'reset', data: string, lastEventId: string): void {
    this.#attempt = 0;
    this.#heardAtMs = this.#deps.monoMs();
    if (event === 'reset') {
      this.#reload();
      return;
    }
    const value = parse(data);
    if (value === undefined) {
      // What cannot be read may have been an alarm: the list will tell.
      this.#reload();
      return;
    }
    if (event === 'status') {
      this.#tell({ kind: 'status', status: value as FeedStatus, ageMs: 0 });
      return;
    }
    const change = value as FeedIncident;
    this.#meanwhile?.push(change);
    this.#tell({ kind: 'incident', change, heardAt: this.#deps.nowMs() });
    if (lastEventId !== '') this.#lastId = lastEventId;
  }

  /** A stream that never opened may mean that the session or the resume point is gone: only a request can tell. */
  #lose(hadOpened: boolean): void {
    const run = this.#abandon();
    this.#tell({ kind: 'stream', isUp: false });
    const canResume = hadOpened && this.#lastId !== null;
    this.#retry(() => (canResume ? this.#listen(run) : this.#reload()));
  }

  #retry(again: () => void): void {
    const waitMs = calcRetryMs(this.#attempt, this.#deps.random());
    this.#attempt += 1;
    this.#retryTimer = this.#deps.timers.after(waitMs, again);
  }

  #tick(): void {
    this.#deps.post({ kind: 'tick' });
    // A half-open connection never fails by itself.
    if (this.#stream !== null && this.#deps.monoMs() - this.#heardAtMs >= STATUS_LIMIT_MS) this.#lose(true);
  }
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    // The caller reads the list again.
    return undefined;
  }
}
