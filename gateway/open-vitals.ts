import type { Logger } from 'pino';
import type { Later } from '../devices/links/ports.ts';
import type { Clock } from './clock.ts';
import type { Door } from './ingest/door.ts';
import type { OpenIncident } from './incidents/record.ts';
import type { Registry } from './registry/registry.ts';
import { createLimitRules } from './telemetry/limits/limit-rules.ts';
import type { SystemAlarms } from './telemetry/system-alarms.ts';
import { createVitals, type Vitals } from './telemetry/vitals/vitals.ts';

const MIB = 1024 * 1024;

/** The lane of the vital signs with the rules that hang on it; to be started and stopped by the caller. */
export function openVitals(deps: {
  readonly dataDir: string;
  readonly gatewayId: string;
  readonly databaseUrl: string;
  readonly spoolMib: number;
  readonly readingsDays: number;
  readonly registry: Pick<Registry, 'directory'>;
  readonly door: Pick<Door, 'raise'>;
  readonly alarms: SystemAlarms;
  /** Asked only once readings come. */
  readonly open: () => readonly OpenIncident[];
  readonly later: Later;
  readonly clock: Clock;
  readonly logger: Logger;
}): Vitals {
  const { registry, spoolMib, readingsDays, door, open, ...common } = deps;
  const { directory } = registry;
  const vitals = createVitals({
    ...common,
    settings: { spoolBytes: spoolMib * MIB, readingsDays },
    wearerAt: (deviceId, atMs) => {
      const wearers = directory().deviceAt(deviceId, atMs)?.residentIds ?? [];
      return wearers.length === 1 ? (wearers[0] ?? null) : null;
    },
  });
  const rules = createLimitRules({ directory, door, open, clock: deps.clock, logger: deps.logger });
  vitals.onAccepted(rules.take);
  return {
    ...vitals,
    stop: async () => {
      await vitals.stop();
      rules.stop();
    },
  };
}
