/** All keys share the tag `{zj}`, so that the script may touch several of them on a cluster too (design §6). */
export const INCIDENT_KEYS = {
  log: '{zj}:incident-log',
  /** Hash `v` (version) and `json` (the record). */
  incident: (id: string) => `{zj}:incident:${id}`,
  /** List of `<log id>\n<entry json>`. */
  entries: (id: string) => `{zj}:incident:${id}:log`,
  /** List of the ids of its alarms, in order. */
  alarms: (id: string) => `{zj}:incident:${id}:alarms`,
  /** Sorted sets of incident ids by opening time. */
  openSet: '{zj}:incidents:open',
  allSet: '{zj}:incidents:all',
  index: (subject: string) => `{zj}:index:${subject}`,
  event: (id: string) => `{zj}:event:${id}`,
  personal: (ref: string) => `{zj}:personal:${ref}`,
  seen: (eventId: string) => `{zj}:seen:${eventId}`,
  repeat: (key: string) => `{zj}:repeat:${key}`,
  /** Of a device with its wearer (`deviceKey` of the facts). */
  clock: (deviceKey: string) => `{zj}:clock:${deviceKey}`,
  /** Hash of stream ids of alarms that are tried by themselves: how many processes have begun and not ended that. */
  tries: '{zj}:dispatch-tries',
  command: (actor: string, key: string) => `{zj}:command:${actor}:${key}`,
} as const;

/** The one consumer group of `{zj}:alarms`. */
export const DISPATCH_GROUP = 'dispatch';
