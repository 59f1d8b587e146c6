import type { Logger } from 'pino';
import type { AlarmDoor, ContactSink } from '../devices/links/ports.ts';
import type { Check } from './api/contract/feed.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Directory } from './registry/directory.ts';

/** A way in beside MQTT: a port of an alarm protocol, or a serial line. */
export type Receiver = {
  /** As it stands in `/readyz`, in the log and in the source of what it brings. */
  readonly name: string;
  /** Resolves when it listens, or tries to: a line that is unplugged is tried again and rejects nothing. Twice is once. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly health: () => Check;
};

export type ReceiverDeps = {
  readonly config: Config;
  readonly door: AlarmDoor;
  readonly contacts: ContactSink;
  readonly directory: () => Directory;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** The receivers that the settings ask for. A new protocol is a line here. */
export function openReceivers(_deps: ReceiverDeps): readonly Receiver[] {
  return [];
}
