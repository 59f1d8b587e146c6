import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { AlarmEvent } from '../../../devices/event.ts';
import type { Clock } from '../../clock.ts';
import type { Directory } from '../../registry/directory.ts';
import type { AlarmDecider } from '../decide.ts';
import type { LogTail } from '../log/log-tail.ts';
import type { Direct, DirectOutcome } from './direct-notices.ts';
import type { OtherMemory } from './other-memory.ts';

export type DegradedOptions<Outcome extends DirectOutcome> = {
  readonly dataDir: string;
  readonly redis: Redis;
  readonly gatewayId: string;
  /** Whether Redis answers on the alarms' connection too. */
  readonly isAlarmLaneUp: () => boolean;
  /** Alarms that the journal has and Redis may not have. */
  readonly unsettled: () => AsyncIterable<AlarmEvent>;
  /** Tells people without Redis; asked for when it is needed. Null: they are told when Redis is back. */
  readonly direct: () => Direct<Outcome> | null;
  /** What Postgres keeps. */
  readonly otherMemory: OtherMemory;
  readonly directory: () => Pick<Directory, 'deviceAt'>;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** What takes part in the change of mode and is made from the stores given here. */
export type DegradedParts = {
  readonly tail: LogTail;
  /** Decides on Redis, and in this gateway's memory. */
  readonly decideThere: AlarmDecider;
  readonly decideHere: AlarmDecider;
  readonly giveUpHere: (streamId: string, text: string) => Promise<void>;
};
