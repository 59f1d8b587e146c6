import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { FirstAdmin, FirstStartDeps } from './first-start.ts';
import type { Numbering } from './phone-number.ts';
import type { NewIds } from './writes/residents.ts';

export type RegistryDeps = {
  readonly pool: Pool;
  readonly databaseUrl: string;
  /** Tells our own notifications from those of other gateways. */
  readonly gatewayId: string;
  readonly dataDir: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Brings the tables up to date; run each time Postgres is reached for the first time. */
  readonly migrate: () => Promise<unknown>;
  readonly firstStart: Omit<FirstStartDeps, 'newUserId'>;
  readonly onFirstAdmin: (admin: FirstAdmin) => void;
  /** How numbers are dialled here; as in China where it is not said. */
  readonly numbering?: Numbering;
  readonly isModel: (model: string) => boolean;
  readonly newIds: NewIds;
  /** At least 128 random bits, as text that fits an MQTT password. */
  readonly newSecret: () => string;
  /** Its secret counts no longer, or it has another wearer: its connections must begin anew. */
  readonly onDeviceRevoked: (deviceId: string) => void;
  readonly tickMs?: number;
};
