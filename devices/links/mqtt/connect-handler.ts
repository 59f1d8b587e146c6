import type { Client } from 'aedes';
import type { IConnectPacket } from 'mqtt-packet';
import { formatTopic, isDeviceId } from '../../../protocols/mqtt-json/topics.ts';
import type { StandingSource } from '../ports.ts';
import type { BoundedStream } from './bounded-stream.ts';
import type { Account } from '../in-flight.ts';
import { safeStandingOf } from './route.ts';
import type { SessionTable } from './session-table.ts';
import { claimedIdOf, sessionKeyOf } from './session.ts';

/** What is known of a connection before it says who it is. */
export type Connection = {
  readonly stream: BoundedStream;
  readonly peer: string;
  readonly account: Account;
};

/** CONNACK with return code 2, identifier rejected (MQTT 3.1.1 §3.2.2.3). */
const IDENTIFIER_REJECTED = Buffer.of(0x20, 2, 0, 2);

/**
 * Admits anyone (design §7 Quarantine): a name and a secret decide only how what follows is marked. The one refusal is that
 * of MQTT 3.1.1 §3.1.3.1: a session that shall be kept needs a client id. Answers whether the broker may go on.
 */
export function handleConnect(
  client: Client,
  packet: IConnectPacket,
  connection: Connection,
  directory: StandingSource,
  sessions: SessionTable,
): boolean {
  // The broker refuses other versions itself, with CONNACK 1.
  if (packet.protocolVersion === 5) return true;
  if (packet.clientId === '' && packet.clean === false) {
    connection.stream.end(IDENTIFIER_REJECTED);
    return false;
  }
  const username = packet.username === '' ? undefined : packet.username;
  const standing =
    username === undefined || !isDeviceId(username)
      ? 'unregistered'
      : safeStandingOf(directory, username, packet.password);
  const session = {
    ...connection,
    username,
    claimedId: username === undefined ? undefined : claimedIdOf(username),
    standing,
    key: packet.clientId === '' ? `anonymous ${connection.peer}` : sessionKeyOf(username, standing, packet.clientId),
    vitalsTopic: username === undefined || standing !== 'verified' ? undefined : formatTopic(username, 'vitals'),
    vitalsBytes: 0,
    dropped: new Map<string, number>(),
  };
  connection.stream.keepAlive(packet.keepalive ?? 0);
  // The broker would miss what goes past it.
  packet.keepalive = 0;
  packet.clientId = sessions.add(client, session);
  return true;
}
