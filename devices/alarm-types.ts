/**
 * The alarm vocabulary: what a type means to the people who answer it. Types and priorities are contract (design §8).
 * `lane` decides merging and where it sounds; `silent` types give the home no sign that help was called (duress).
 */
export const ALARM_TYPES = {
  sos: { priority: 1, lane: 'emergency', silent: false },
  fall: { priority: 1, lane: 'emergency', silent: false },
  smoke: { priority: 1, lane: 'emergency', silent: false },
  gas: { priority: 1, lane: 'emergency', silent: false },
  co: { priority: 1, lane: 'emergency', silent: false },
  panic: { priority: 1, lane: 'emergency', silent: false },
  duress: { priority: 1, lane: 'emergency', silent: true },
  unknown: { priority: 1, lane: 'emergency', silent: false },
  water: { priority: 2, lane: 'emergency', silent: false },
  inactivity: { priority: 2, lane: 'emergency', silent: false },
  'door-open': { priority: 2, lane: 'emergency', silent: false },
  wandering: { priority: 2, lane: 'emergency', silent: false },
  'bed-exit': { priority: 2, lane: 'emergency', silent: false },
  vitals: { priority: 2, lane: 'emergency', silent: false },
  /** A burglar alarm: somebody may be in the home with the person. */
  intrusion: { priority: 2, lane: 'emergency', silent: false },
  /** Somebody rings whose number is no device's; from a device's number it is its `sos`. */
  call: { priority: 2, lane: 'emergency', silent: false },
  service: { priority: 3, lane: 'service', silent: false },
  tamper: { priority: 4, lane: 'technical', silent: false },
  'low-battery': { priority: 4, lane: 'technical', silent: false },
  'mains-lost': { priority: 4, lane: 'technical', silent: false },
  /** A panel says that something of it or its line does not work. */
  'device-fault': { priority: 4, lane: 'technical', silent: false },
  'sensor-loose': { priority: 4, lane: 'technical', silent: false },
  'clock-wrong': { priority: 4, lane: 'technical', silent: false },
  silent: { priority: 4, lane: 'technical', silent: false },
  quarantined: { priority: 4, lane: 'technical', silent: false },
  unprocessed: { priority: 1, lane: 'technical', silent: false },
  'no-coverage': { priority: 4, lane: 'technical', silent: false },
  system: { priority: 4, lane: 'technical', silent: false },
  test: { priority: 5, lane: 'test', silent: false },
} as const satisfies Record<string, AlarmTypeSpec>;

export type AlarmTypeSpec = {
  readonly priority: Priority;
  readonly lane: Lane;
  readonly silent: boolean;
};

/** 1 life, 2 urgent, 3 service request, 4 technical, 5 test and information. */
export type Priority = 1 | 2 | 3 | 4 | 5;

export type Lane = 'emergency' | 'service' | 'technical' | 'test';

export type AlarmType = keyof typeof ALARM_TYPES;

/** Types that a device may name itself; the rest are raised by the gateway about itself or its devices. */
export const DEVICE_ALARM_TYPES = [
  'sos',
  'fall',
  'smoke',
  'gas',
  'co',
  'panic',
  'duress',
  'unknown',
  'water',
  'inactivity',
  'door-open',
  'wandering',
  'bed-exit',
  'intrusion',
  'service',
  'tamper',
  'low-battery',
  'mains-lost',
  'device-fault',
  'test',
] as const satisfies readonly AlarmType[];

export type DeviceAlarmType = (typeof DEVICE_ALARM_TYPES)[number];

export function isDeviceAlarmType(value: string): value is DeviceAlarmType {
  return (DEVICE_ALARM_TYPES as readonly string[]).includes(value);
}
