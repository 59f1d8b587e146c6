import type { Logger } from 'pino';
import type { AccountBook, AlarmDoor, ContactSink, FrameTrace, WallClock } from '../ports.ts';
import type { Dc09Limits } from './limits.ts';

export type Dc09LinkOptions = {
  /** Of the receiver: accounts may be registered for it alone, and unknown ones are `<name>-<account>`. */
  readonly name: string;
  readonly host: string;
  /** Over TCP and UDP; 0 takes one that is free for both. */
  readonly port: number;
  readonly book: AccountBook;
  readonly door: AlarmDoor;
  readonly contacts: ContactSink;
  readonly trace?: FrameTrace | undefined;
  /** A panel whose clock is wrong is told the time instead of "received", and sends again; its alarm rings before that. */
  readonly isStrict: boolean;
  readonly clock: WallClock;
  readonly logger: Logger;
  readonly limits?: Partial<Dc09Limits>;
};
