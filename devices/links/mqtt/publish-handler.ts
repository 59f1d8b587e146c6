import type { Logger } from 'pino';
import { decodeStatus } from '../../../protocols/mqtt-json/decode-status.ts';
import { decodeVitals } from '../../../protocols/mqtt-json/decode-vitals.ts';
import type { MqttFault, MqttStatus } from '../../../protocols/mqtt-json/message.ts';
import { readingsOfMqttJson } from '../../meaning/mqtt-json-vitals.ts';
import { alarmOfMqttJson } from '../../meaning/mqtt-json.ts';
import type { ContactSink, StandingSource, WallClock } from '../ports.ts';
import type { AlarmLane } from './alarm-lane.ts';
import type { MqttCounters } from './counters.ts';
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
  readonly contacts: ContactSink;
  readonly counters: MqttCounters;
  readonly logger: Logger;
  readonly clock: WallClock;
  readonly vitalsLane: VitalsLane | undefined;
  readonly status?: ((deviceId: string, status: MqttStatus, receivedAt: number) => void) | undefined;
};

/** Decides what a message is and sees to it. Resolves when it may be acknowledged, rejects when it must not be. */
export class PublishHandler {
  readonly #deps: PublishDependencies;

  constructor(dependencies: PublishDependencies) {
    this.#deps = dependencies;
  }

  /** Undefined: it may be acknowledged at once. A promise for what is on its way to the disk; only an alarm's may be rejected. */
  handle(session: Session, incoming: Incoming): Promise<void> | undefined {
    const route = routePublish(session, incoming.topic, this.#deps.directory);
    if (route.kind === 'alarm') {
      const settled = this.#alarm(session, incoming, route);
      this.#heard(session);
      return settled;
    }
    if (route.kind === 'drop') this.#drop(session, route.reason);
    else if (route.kind === 'vitals') return this.#vitals(session, route.deviceId, incoming.payload);
    else this.#status(session, route.deviceId, incoming.payload);
    return undefined;
  }

  #alarm(session: Session, incoming: Incoming, route: Extract<Route, { kind: 'alarm' }>): Promise<void> {
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
    return this.#deps.lane.accept(arrival, session.account, incoming.isAcknowledged ? 'sender-repeats' : 'we-repeat');
  }

  #vitals(session: Session, deviceId: string, payload: Buffer): Promise<void> | undefined {
    const { counters, vitalsLane, clock } = this.#deps;
    counters.vitals += 1;
    this.#heard(session);
    if (vitalsLane?.hasRoom(session.account) === false) {
      counters.vitalsDropped += 1;
      return undefined;
    }
    const decoded = decodeVitals(payload);
    if (decoded.faults.length > 0) this.#bad(session, 'vitals', decoded.faults);
    if (!decoded.ok) return undefined;
    const readings = readingsOfMqttJson(decoded.value);
    let settled: Promise<void> | undefined;
    this.#tell(() => {
      const message = { deviceId, readings, receivedAt: clock.nowMs() };
      settled = vitalsLane?.accept(session.account, message, payload.length);
    });
    return settled;
  }

  #status(session: Session, deviceId: string, payload: Buffer): void {
    this.#deps.counters.status += 1;
    this.#heard(session);
    const decoded = decodeStatus(payload);
    if (decoded.faults.length > 0) this.#bad(session, 'status', decoded.faults);
    if (decoded.ok) this.#tell(() => this.#deps.status?.(deviceId, decoded.value, this.#deps.clock.nowMs()));
  }

  #drop(session: Session, reason: string): void {
    this.#deps.counters.dropped += 1;
    const { claimedId } = session;
    if (claimedId !== undefined) this.#tell(() => this.#deps.contacts.dropped(claimedId, reason));
    this.#note(session, reason, { reason });
  }

  #bad(session: Session, subtopic: string, faults: readonly MqttFault[]): void {
    this.#deps.counters.badPayloads += 1;
    this.#note(session, `bad-${subtopic}`, { subtopic, faults: faults.slice(0, 5), faultCount: faults.length });
  }

  /** The first of a kind on a connection is a line, the rest is a number in the line at its end. */
  #note(session: Session, kind: string, fields: object): void {
    const count = (session.dropped.get(kind) ?? 0) + 1;
    session.dropped.set(kind, count);
    if (count > 1) return;
    this.#deps.logger.warn(
      { deviceId: session.claimedId, standing: session.standing, ...fields },
      'message dropped or bad',
    );
  }

  #heard({ claimedId, standing }: Session): void {
    if (claimedId !== undefined) this.#tell(() => this.#deps.contacts.heard(claimedId, standing));
  }

  /** A listener that fails costs its own message, never the device's. */
  #tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'listener of the MQTT link failed');
    }
  }
}
