import type { Logger } from 'pino';
import type { SurGardWidths } from '../../../protocols/sur-gard/limits.ts';
import type { AccountBook, AlarmDoor, ContactSink, FrameTrace, LinkClock } from '../ports.ts';
import type { PortOptions } from '../serial/open-port.ts';
import type { SerialLimits } from '../serial/serial-line.ts';
import type { SurGardLimits } from './limits.ts';

export type SurGardLinkOptions = {
  /** Of the port in the settings: accounts may be registered for it alone, and unknown ones are `<name>-<account>`. */
  readonly name: string;
  readonly port: PortOptions;
  readonly widths: SurGardWidths;
  readonly book: AccountBook;
  readonly door: AlarmDoor;
  readonly contacts: ContactSink;
  readonly trace?: FrameTrace | undefined;
  readonly clock: LinkClock;
  readonly logger: Logger;
  readonly limits?: Partial<SurGardLimits>;
  readonly lineLimits?: Partial<SerialLimits>;
};
