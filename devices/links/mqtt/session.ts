import { createHash } from 'node:crypto';
import { isDeviceId } from '../../../protocols/mqtt-json/topics.ts';
import type { Standing } from '../../standing.ts';
import type { BoundedStream } from './bounded-stream.ts';
import type { Account } from '../in-flight.ts';

/** One live connection after its CONNECT. */
export type Session = {
  /** As the client gave it; undefined when it gave none. Never log it: it may be anything. */
  readonly username: string | undefined;
  /** `username` where it can be an id, else a name made from its hash; undefined without one. Fit for logs and events. */
  readonly claimedId: string | undefined;
  /** Judged at CONNECT and kept for all that this connection says, its will too; it falls when the secret is revoked. */
  standing: Standing;
  /** Same user, same standing, same client id: what MQTT calls the same session. */
  readonly key: string;
  /** `address:port`, for the trace of an alarm. */
  readonly peer: string;
  readonly stream: BoundedStream;
  readonly account: Account;
  /** Where its own vital signs come from: those of no other topic go past the broker. */
  readonly vitalsTopic: string | undefined;
  /** What of vital signs waits to be read, or for the disk. */
  vitalsBytes: number;
  /** Publishes that were acknowledged and dropped, by reason. */
  readonly dropped: Map<string, number>;
};

/** The id itself, or for a name that no register can know one that stands for it: the same for the same name. */
export function claimedIdOf(name: string): string {
  return isDeviceId(name) ? name : `invalid.${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
}

/** Bounded, whatever the client sent; no two different triples give the same key. */
export function sessionKeyOf(username: string | undefined, standing: Standing, clientId: string): string {
  const triple = JSON.stringify([username ?? null, standing, clientId]);
  return triple.length <= 160 ? triple : createHash('sha256').update(triple).digest('base64url');
}
