/** What the worker tells its keeper over the channel that Node.js opens between the two. */
export type FromWorker =
  | { readonly kind: 'beat' }
  | {
      readonly kind: 'listening';
      readonly http: string;
      readonly mqtt: string;
      /** As bound, for the next worker. */
      readonly httpPort: number;
      readonly mqttPort: number;
      /** `host:port` by the names of receivers that have a port of their own. */
      readonly receivers: Readonly<Record<string, string>>;
    };

export type Listening = Extract<FromWorker, { kind: 'listening' }>;

/** How often the worker says that it lives. Chosen. */
export const BEAT_EVERY_MS = 500;

/** In the worker's environment: why the one before it ended; absent for the first. */
export const RESTARTED_BECAUSE = 'RESTARTED_BECAUSE';
