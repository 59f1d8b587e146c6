import type { Logger } from 'pino';
import type { MqttStatus } from '../../../protocols/mqtt-json/message.ts';
import type { AlarmDoor, ContactSink, FrameTrace, Later, StandingSource, VitalsDoor, WallClock } from '../ports.ts';
import type { MqttLimits } from './limits.ts';
import type { ListenOptions } from '../tcp/listener.ts';

export type MqttLinkOptions = Omit<ListenOptions, 'name' | 'connectTimeoutMs' | 'connections'> & {
  readonly directory: StandingSource;
  readonly door: AlarmDoor;
  readonly contacts: ContactSink;
  readonly logger: Logger;
  readonly clock: WallClock;
  /** For all that has to do with vital signs. */
  readonly later: Later;
  readonly limits?: Partial<MqttLimits>;
  /** Where vital signs of verified devices go; without it they are acknowledged and forgotten. */
  readonly vitals?: VitalsDoor;
  /** Told of alarms and status messages as they were on the wire. */
  readonly trace?: FrameTrace;
  /** Called with what a verified device said of itself; must not block, is never awaited. */
  readonly status?: (deviceId: string, status: MqttStatus, receivedAt: number) => void;
  /** A verified device has subscribed to its feedback; must not block, is never awaited. */
  readonly listening?: (deviceId: string) => void;
};
