/** What the link did since it started. All of it only grows. */
export type MqttCounters = {
  accepted: number;
  refusedConnections: number;
  connects: number;
  alarms: number;
  alarmsNotDurable: number;
  wills: number;
  vitals: number;
  /** Acknowledged and dropped for want of room. */
  vitalsDropped: number;
  status: number;
  badPayloads: number;
  payloadsCut: number;
  dropped: number;
  refusedSubscriptions: number;
  cut: number;
  clientErrors: number;
};

export function createCounters(): MqttCounters {
  return {
    accepted: 0,
    refusedConnections: 0,
    connects: 0,
    alarms: 0,
    alarmsNotDurable: 0,
    wills: 0,
    vitals: 0,
    vitalsDropped: 0,
    status: 0,
    badPayloads: 0,
    payloadsCut: 0,
    dropped: 0,
    refusedSubscriptions: 0,
    cut: 0,
    clientErrors: 0,
  };
}
