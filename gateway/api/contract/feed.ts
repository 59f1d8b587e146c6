import { Type, type Static } from 'typebox';
import { Incident, LogEntry } from './incident.ts';
import { nullable, oneOf } from './primitives.ts';

export const CheckState = oneOf(['ok', 'degraded', 'failed']);

export const Checks = Type.Record(
  Type.String(),
  Type.Object({ status: CheckState, detail: Type.Optional(Type.String()) }),
);
export type Checks = Static<typeof Checks>;
export type Check = Checks[string];

/** `event: incident`; the SSE id is the log entry's. */
export const FeedIncident = Type.Object({ entry: LogEntry, incident: Incident }, { $id: 'FeedIncident' });
export type FeedIncident = Static<typeof FeedIncident>;

/** `event: status`, on change and every 5 s; a console without one for 10 s must say so with sound. */
export const FeedStatus = Type.Object({ degraded: Type.Boolean(), checks: Checks }, { $id: 'FeedStatus' });
export type FeedStatus = Static<typeof FeedStatus>;

/** `event: reset`: what the console holds is not to be trusted; load /incidents again and go on after `asOf`. */
export const FeedReset = Type.Object(
  {
    reason: oneOf(['malformed', 'older-than-kept', 'newer-than-newest', 'degraded-ended']),
    asOf: nullable(Type.String()),
  },
  { $id: 'FeedReset' },
);
export type FeedReset = Static<typeof FeedReset>;

export const Ready = Type.Object({ status: oneOf(['ok', 'degraded', 'failed']), checks: Checks }, { $id: 'Ready' });
export type Ready = Static<typeof Ready>;
