import type { Logger } from 'pino';
import type {
  AccountBook,
  AlarmDoor,
  ContactSink,
  FrameTrace,
  NumberBook,
  ReceiverCounts,
} from '../devices/links/ports.ts';
import type { Check } from './api/contract/feed.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { openDc09 } from './open-dc09.ts';
import type { Directory } from './registry/directory.ts';
import type { Texts } from './notify/texts.ts';
import { openSerialPorts } from './serial/open-ports.ts';
import type { WaysIn } from './telemetry/ways-in.ts';

/** A way in beside MQTT: a port of an alarm protocol, or a serial line. */
export type Receiver = {
  /** As it stands in `/readyz`, in the log and in the source of what it brings. */
  readonly name: string;
  /** Resolves when it listens, or tries to: a line that is unplugged is tried again and rejects nothing. Twice is once. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly health: () => Check;
  /** For `/metrics`. */
  readonly counts?: () => ReceiverCounts;
  /** Only of a port: where it listens, `host:port`; null while it does not. */
  readonly address?: () => string | null;
};

export type ReceiverDeps = {
  readonly config: Config;
  readonly door: AlarmDoor;
  readonly contacts: ContactSink;
  /** Notes over which of them each device is heard. */
  readonly ways: Pick<WaysIn, 'over'>;
  /** Whose account and whose number it is, as the register has it when it is asked. */
  readonly book: AccountBook & NumberBook;
  readonly trace: FrameTrace;
  /** Where modems that send SMS are known, and what they tell of them. */
  readonly texts: Texts;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** The receivers that the settings ask for. A new protocol is a line here. */
export function openReceivers({
  directory,
  ...rest
}: Omit<ReceiverDeps, 'book'> & { readonly directory: () => Directory }): readonly Receiver[] {
  const book: ReceiverDeps['book'] = {
    accountOf: (receiver, account) => directory().accountOf(receiver, account),
    callerOf: (line, number) => directory().callerOf(line, number),
  };
  const deps = { ...rest, book };
  return [...openDc09(deps), ...openSerialPorts(deps.config.serial, deps)];
}

/** All at once: a line whose driver does not answer keeps no other from being heard. Rejects where a port is taken. */
export async function startReceivers(receivers: readonly Pick<Receiver, 'start'>[]): Promise<void> {
  await Promise.all(receivers.map((receiver) => receiver.start()));
}

/** Where those listen that have a port of their own, by their names. */
export function addressesOf(receivers: readonly Receiver[]): Readonly<Record<string, string>> {
  const listening = receivers.map(({ name, address }) => [name, address?.() ?? null] as const);
  return Object.fromEntries(listening.filter((each): each is readonly [string, string] => each[1] !== null));
}
