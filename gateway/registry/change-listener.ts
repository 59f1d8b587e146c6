import pg from 'pg';
import type { Logger } from 'pino';

/** Every write of the register tells all gateways `<revision> <gatewayId>` here. */
export const CHANNEL = 'zj_register';

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

  /** Listens, if it does not. Rejects when Postgres cannot be reached. */
  async ensure(): Promise<void> {
    if (this.#client !== undefined) return;
    const client = new pg.Client({
      connectionString: this.#options.databaseUrl,
      application_name: 'zhuji-register-listener',
      connectionTimeoutMillis: 3_000,
      query_timeout: 10_000,
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
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      if (this.#client === client) this.#client = undefined;
      throw error;
    }
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end();
  }
}
