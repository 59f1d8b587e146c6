import { formatTopic, type DownSubtopic } from '../../../protocols/mqtt-json/topics.ts';
import { LinkError } from '../link-error.ts';
import { createRunner } from '../runner.ts';
import { createCounters, type MqttCounters } from './counters.ts';
import { KeptSessions } from './kept-sessions.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { MqttLinkOptions } from './link-options.ts';
import { runLink } from './running-link.ts';

export type MqttHealth = {
  readonly status: 'ok' | 'failed';
  readonly detail: string;
  readonly connections: number;
  readonly inFlightBytes: number;
  readonly sessions: number;
  readonly queued: number;
  readonly counters: Readonly<MqttCounters>;
};

export type MqttLink = {
  /** Listens. Rejects with LinkError `port-in-use`, `port-forbidden` or `listen-failed`. Twice: the same port again. */
  readonly start: () => Promise<{ port: number }>;
  /** Stops listening, lets alarms at the door settle for a moment, closes every connection; no will is an alarm then. */
  readonly stop: () => Promise<void>;
  /**
   * Sends to a device at QoS 1: at once where it listens, later where it keeps a session. Resolves when it is handed over,
   * never waits for the device. Rejects with LinkError `stopped`.
   */
  readonly publish: (deviceId: string, subtopic: DownSubtopic, payload: Uint8Array) => Promise<void>;
  /** Whether feedback that is published to the device now reaches a subscription of its own, or waits in a session that it keeps. */
  readonly isListening: (deviceId: string) => boolean;
  /** The device's secret no longer counts: cuts its verified connections and forgets what waits for it. */
  readonly disconnect: (deviceId: string) => void;
  readonly health: () => MqttHealth;
};

export function createMqttLink(options: MqttLinkOptions): MqttLink {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const counters = createCounters();
  const sessions = new KeptSessions(limits);
  const runner = createRunner(() => runLink(options, limits, counters, sessions));

  return {
    start: async () => ({ port: (await runner.start()).port }),
    stop: runner.stop,
    publish: async (deviceId, subtopic, payload) => {
      const running = runner.running();
      if (running === undefined) throw new LinkError('stopped', 'The MQTT link is not running');
      running.publish(formatTopic(deviceId, subtopic), Buffer.from(payload));
    },
    isListening: (deviceId) =>
      runner.running()?.isListening(deviceId) === true ||
      sessions.interestedIn(formatTopic(deviceId, 'feedback')).length > 0,
    disconnect: (deviceId) => {
      sessions.forgetDevice(deviceId);
      runner.running()?.revoke(deviceId);
    },
    health: () => {
      const running = runner.running();
      return {
        status: running === undefined ? 'failed' : 'ok',
        detail: running === undefined ? 'not listening' : `listening on port ${running.port}`,
        connections: running?.connections() ?? 0,
        inFlightBytes: running?.inFlightBytes() ?? 0,
        sessions: sessions.stats.sessions,
        queued: sessions.stats.queued,
        counters,
      };
    },
  };
}
