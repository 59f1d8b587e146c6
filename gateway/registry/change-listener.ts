import pg from 'pg';
import type { Logger } from 'pino';
import { takeLeave } from '../store/postgres.ts';

/** Every write of the register tells all gateways `<revision> <gatewayId>` here. */
export const CHANNEL = 'zj_register';

/** A server that is there answers at once (chosen). */
const ANSWER_MS = 3_000;

export type ListenerOptions = {
  readonly databaseUrl: string;
  readonly gatewayId: string;
  readonly logger: Logger;
  /** Another gateway wrote; not called for our own writes. */
  readonly onChange: (revision: number) => void;
};

/**
 * Hears of other gateways' writes by LISTEN on a connection of its own. A broken connection is only noted: whoever owns
 * the listener calls `ensure()` regularly, and compares revisions in case something was missed meanwhile.
 */
export class ChangeListener {
  readonly #options: ListenerOptions;
  #client: pg.Client | undefined;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** Listens, if it does not; a connection that answers no more is given up. Rejects when Postgres cannot be reached. */
  async ensure(): Promise<void> {
    if (this.#client !== undefined) return this.#ask(this.#client, 'select 1');
    const client = new pg.Client({
      connectionString: this.#options.databaseUrl,
      application_name: 'zhuji-register-listener',
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    client.on('error', (err) => this.#options.logger.warn({ err }, 'register listener broke'));
    client.on('end', () => {
      if (this.#client === client) this.#client = undefined;
    });
    client.on('notification', ({ payload }) => {
      const [revision, gatewayId] = (payload ?? '').split(' ');
      if (gatewayId !== this.#options.gatewayId) this.#options.onChange(Number(revision));
    });
    this.#client = client;
    try {
      await client.connect();
    } catch (error) {
      if (this.#client === client) this.#client = undefined;
      throw error;
    }
    await this.#ask(client, `listen ${CHANNEL}`);
  }

  async #ask(client: pg.Client, statement: string): Promise<void> {
    try {
      await client.query(statement);
    } catch (error) {
      if (this.#client === client) this.#client = undefined;
      await takeLeave(client);
      throw error;
    }
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) await takeLeave(client);
  }
}
