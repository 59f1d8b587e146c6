import type { AlarmEvent, AlarmMessage, EventSource } from '../../devices/event.ts';
import type { Standing } from '../../devices/standing.ts';

/** What a link hands to the door: a decoded alarm and where it came from. Nothing is looked up between bytes and this. */
export type Arrival = {
  readonly deviceId: string;
  readonly standing: Standing;
  readonly source: EventSource;
  readonly message: AlarmMessage;
  readonly raw: Uint8Array;
};

/**
 * The one way in for an alarm. The promise settles when the alarm is durable (promise P1): a link acknowledges then and
 * only then. It rejects with NotDurableError when neither path could keep it; the link must not acknowledge.
 */
export type AlarmDoor = {
  readonly accept: (arrival: Arrival) => Promise<AlarmEvent>;
};

/** Signs of life and counters from links; never awaited, never in front of an alarm. */
export type ContactSink = {
  readonly heard: (deviceId: string, standing: Standing) => void;
  readonly connected: (deviceId: string, standing: Standing) => void;
  readonly disconnected: (deviceId: string, standing: Standing) => void;
  readonly dropped: (deviceId: string, reason: string) => void;
};
