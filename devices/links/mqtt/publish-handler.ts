import { decodeStatus } from '../../../protocols/mqtt-json/decode-status.ts';
import type { MqttStatus } from '../../../protocols/mqtt-json/message.ts';
import { alarmOfMqttJson } from '../../meaning/mqtt-json.ts';
import { describeMessage } from '../../meaning/describe-message.ts';
import type { ContactSink, FrameTrace, Later, StandingSource, WallClock } from '../ports.ts';
import type { AlarmLane } from '../alarm-lane.ts';
import type { MqttCounters } from './counters.ts';
import type { Notes } from './notes.ts';
import { readPublishTo } from './publish-to.ts';
import { routePublish, type Route } from './route.ts';
import type { Session } from './session.ts';
import type { VitalsLane } from './vitals-lane.ts';

/** A PUBLISH or a will, with what the broker would do with it taken out. `isAcknowledged`: the sender waits for an answer. */
export type Incoming = {
  readonly topic: string;
  readonly payload: Buffer;
  readonly kind: 'publish' | 'will';
  readonly isAcknowledged: boolean;
};

export type PublishDependencies = {
  readonly directory: StandingSource;
  readonly lane: AlarmLane;
  readonly vitalsLane: VitalsLane;
  readonly contacts: ContactSink;
  readonly counters: MqttCounters;
  readonly notes: Notes;
  readonly clock: WallClock;
  readonly later: Later;
  readonly trace?: FrameTrace | undefined;
  readonly status?: ((deviceId: string, status: MqttStatus, receivedAt: number) => void) | undefined;
};

/** Decides what a message is and sees to it. */
export class PublishHandler {
  readonly #deps: PublishDependencies;

  constructor(dependencies: PublishDependencies) {
    this.#deps = dependencies;
  }

  /**
   * Vital signs of a verified device about itself, at QoS 0 or 1, are most of all that comes: they go past the broker. Answers
   * false for any other packet.
   */
  takeAside(session: Session, packet: Buffer): boolean {
    const { standing, vitalsTopic, stream } = session;
    if (standing !== 'verified' || vitalsTopic === undefined) return false;
    const published = readPublishTo(vitalsTopic, packet);
    if (published === undefined) return false;
    const { payload, messageId } = published;
    this.#deps.vitalsLane.take(session, payload, () => {
      if (messageId !== undefined) stream.acknowledge(messageId);
    });
    return true;
  }

  /**
   * What came by the broker. Undefined: it may be acknowledged at once. A promise for what is on its way to the disk; only an
   * alarm's may be rejected, and then it must not be acknowledged.
   */
  handle(session: Session, incoming: Incoming): Promise<unknown> | undefined {
    const route = routePublish(session, incoming.topic, this.#deps.directory);
    switch (route.kind) {
      case 'alarm': {
        const settled = this.#alarm(session, incoming, route);
        this.#heard(session);
        return settled;
      }
      case 'vitals':
        return new Promise<void>((resolve) => this.#deps.vitalsLane.take(session, incoming.payload, resolve));
      case 'status':
        return this.#status(session, route.deviceId, incoming.payload);
      case 'drop':
        return this.#drop(session, route.reason);
    }
  }

  #alarm(session: Session, incoming: Incoming, route: Extract<Route, { kind: 'alarm' }>): Promise<unknown> {
    this.#deps.counters.alarms += 1;
    if (incoming.kind === 'will') this.#deps.counters.wills += 1;
    const { publisher } = route;
    const source = {
      protocol: 'mqtt-json',
      peer: session.peer,
      ...(publisher === undefined ? {} : { publisher }),
    } as const;
    const arrival = {
      deviceId: route.deviceId,
      standing: route.standing,
      source,
      message: alarmOfMqttJson(incoming.payload),
      raw: incoming.payload,
    };
    const repeats = incoming.isAcknowledged ? 'sender-repeats' : 'we-repeat';
    const settled = this.#deps.lane.accept(arrival, session.account, repeats);
    const said = (): string => describeMessage(arrival.message, arrival.standing);
    settled.then(
      ({ id }) => this.#trace(session, route.deviceId, incoming.payload, said, [id]),
      () => this.#trace(session, route.deviceId, incoming.payload, () => `not kept: ${said()}`),
    );
    return settled;
  }

  #status(session: Session, deviceId: string, payload: Buffer): undefined {
    const { counters, notes, status, clock } = this.#deps;
    counters.status += 1;
    this.#heard(session);
    const decoded = decodeStatus(payload);
    if (decoded.faults.length > 0) notes.bad(session, 'status', decoded.faults);
    if (decoded.ok) notes.tell(() => status?.(deviceId, decoded.value, clock.nowMs()));
    const said = (): string => (decoded.ok ? 'status' : 'status, not readable');
    this.#trace(session, deviceId, payload, said, [], decoded.ok);
  }

  /** Behind everything that waits for an answer. Vital signs are not traced: they are too many, and stored anyway. */
  #trace(
    session: Session,
    deviceId: string,
    raw: Buffer,
    said: () => string,
    eventIds: readonly string[] = [],
    isSignOfLife = false,
  ): void {
    const { trace, later, notes } = this.#deps;
    if (trace === undefined) return;
    const frame = { link: 'mqtt', peer: session.peer, direction: 'in', deviceId, raw, isSignOfLife, eventIds } as const;
    later(() => notes.tell(() => trace.frame({ ...frame, meaning: said() })));
  }

  #drop(session: Session, reason: string): undefined {
    const { notes, contacts } = this.#deps;
    const { claimedId } = session;
    if (claimedId !== undefined) notes.tell(() => contacts.dropped(claimedId, reason));
    notes.dropped(session, reason);
  }

  #heard({ claimedId, standing }: Session): void {
    const { notes, contacts } = this.#deps;
    if (claimedId !== undefined) notes.tell(() => contacts.heard(claimedId, standing));
  }
}
