/** One hash tag, so that a script may touch all our keys also in a cluster (design §6). */
const TAG = '{zj}';

/** The name of a key of ours: `redisKey('incident', id)` is `{zj}:incident:<id>`. */
export function redisKey(...parts: readonly [string, ...string[]]): string {
  return [TAG, ...parts].join(':');
}

/** Keys that more than one folder names. */
export const REDIS_KEYS = {
  /** Stream of alarm events: field `event` holds the JSON. */
  alarms: redisKey('alarms'),
  /** Stream of what happened to incidents. */
  incidentLog: redisKey('incident-log'),
  /** Stream of notifications to be sent: field `notification` holds the JSON. */
  outbox: redisKey('outbox'),
  /** Stream of what belongs into the audit chain and is no step of an incident: field `entry` holds the JSON. */
  audit: redisKey('audit'),
  /** A random name that one life of the data has; gone or other when Redis came back empty or was replaced. */
  lineage: redisKey('lineage'),
} as const;
