import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import type { AlarmEvent } from '../../../devices/event.ts';
import { JournalError } from '../../errors.ts';
import { decodeEvent, encodeEvent } from '../event-json.ts';
import type { Wanted } from './archive.ts';
import { judgeHealth, type JournalHealth } from './health.ts';
import { MAX_PAYLOAD_BYTES } from '../../segments/record.ts';
import { JOURNAL_DEFAULTS, type JournalSettings } from './settings.ts';
import { WorkerHost } from './worker-host.ts';

export type JournalOptions = {
  /** Made if absent, readable by the gateway's account only. */
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings?: Partial<JournalSettings>;
  /** Another disk, for tests: a module that exports `createDisk(options): Disk`. */
  readonly disk?: { readonly module: URL; readonly options?: unknown };
  /** Other code for the thread, for tests. */
  readonly workerModule?: URL;
};

/** An id stands in front of the JSON. */
const MAX_JSON_BYTES = MAX_PAYLOAD_BYTES - 26;

/**
 * The alarms of the last days on disk, kept by a thread of its own. `append` is one of the two ways in which an alarm becomes
 * durable (promise P1).
 */
export class Journal {
  readonly #host: WorkerHost;
  readonly #logger: Logger;
  /** Gives each text a buffer of its own, which can be moved to the thread; Buffer.from would share one. */
  readonly #encoder = new TextEncoder();

  constructor(options: JournalOptions) {
    this.#logger = options.logger;
    this.#host = new WorkerHost({
      setup: {
        folder: options.folder,
        settings: { ...JOURNAL_DEFAULTS, ...options.settings },
        disk:
          options.disk === undefined
            ? null
            : { module: options.disk.module.href, options: options.disk.options ?? null },
      },
      clock: options.clock,
      logger: options.logger,
      workerModule: options.workerModule ?? new URL('./worker.ts', import.meta.url),
    });
  }

  start(): Promise<void> {
    return this.#host.start();
  }

  stop(): Promise<void> {
    return this.#host.stop();
  }

  /** Resolves after the fsync returned. Rejects with JournalError; the alarm may be on disk all the same. */
  append(event: AlarmEvent): Promise<void> {
    const json = this.#encoder.encode(encodeEvent(event));
    if (json.length > MAX_JSON_BYTES) {
      return Promise.reject(new JournalError('journal-too-large', 'the event is over the bound of a record'));
    }
    return this.#host.append(event.id, json);
  }

  /** Redis has it. Written later, without an fsync of its own: what a crash forgets is sent once more. */
  settle(id: string): void {
    this.#host.settle(id);
  }

  /**
   * The alarms that Redis has not answered, oldest first; an id may come twice. Each segment is looked at when the reader
   * gets there. Throws JournalError when the thread ends meanwhile: begin again.
   */
  unsettled(): AsyncIterable<AlarmEvent> {
    return this.#read('unsettled');
  }

  /** Every alarm of the retention, oldest first, for a Redis that came back without them. */
  all(): AsyncIterable<AlarmEvent> {
    return this.#read('all');
  }

  health(): JournalHealth {
    return judgeHealth(this.#host.state());
  }

  async *#read(want: Wanted): AsyncIterable<AlarmEvent> {
    let after = -1;
    for (;;) {
      // Pages must come one after the other: each begins where the one before ended.
      const page = await this.#host.page(after, want);
      for (const payload of page.payloads) {
        const event = decodeEvent(Buffer.from(payload).toString('utf8'));
        if (event === null) this.#logger.error({ code: 'journal-event-unreadable' }, 'journal event left out');
        else yield event;
      }
      if (page.next === null) return;
      after = page.next;
    }
  }
}
