import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { MqttLink } from '../devices/links/mqtt/mqtt-link.ts';
import type { Clock } from './clock.ts';
import type { Incidents } from './incidents/incidents.ts';
import { createDeviceFeedback } from './notify/channels/device-feedback.ts';
import { createFeedbackMemory } from './notify/feedback-memory.ts';
import type { Registry } from './registry/registry.ts';

/** What devices are told of their alarms, in the order of the log. */
export function openFeedback(deps: {
  readonly link: Pick<MqttLink, 'publish' | 'isListening'>;
  readonly incidents: Pick<Incidents, 'store' | 'reader' | 'tail'>;
  readonly registry: Pick<Registry, 'directory'>;
  readonly redis: Redis;
  readonly gatewayId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}): ReturnType<typeof createDeviceFeedback> {
  const { link, incidents, registry, clock, logger } = deps;
  const { store, reader, tail } = incidents;
  const feedback = createDeviceFeedback({
    ...{ link, store, reader, clock, logger },
    memory: createFeedbackMemory(deps.redis, deps.gatewayId),
    isStillWorn: ({ deviceId, receivedAt }) => {
      const { device, deviceAt } = registry.directory();
      return deviceId !== null && deviceAt(deviceId, receivedAt)?.binding === device(deviceId)?.binding;
    },
  });
  tail.subscribe(({ id, incident, entry }) => feedback.take(entry, incident, id));
  tail.onReset(() => feedback.catchUp(tail.board.asOf()));
  tail.onRejoined(feedback.catchUp);
  return feedback;
}
