import type { IncidentAlarm } from '../../gateway/api/contract/incident.ts';

/** A position as the device told it; null where it did not. Latitude and longitude in degrees of the named datum. */
export type Location = {
  readonly lat: number;
  readonly lon: number;
  readonly accuracyM: number | null;
  readonly atMs: number | null;
  readonly source: 'gnss' | 'wifi' | 'cell' | 'unknown';
  /** Chinese map datums differ by about 500 m, so an unnamed one is said. */
  readonly datum: 'WGS-84' | 'GCJ-02' | 'BD-09' | null;
};

const SOURCES = ['gnss', 'wifi', 'cell'] as const;
const DATUMS = { wgs84: 'WGS-84', gcj02: 'GCJ-02', bd09: 'BD-09' } as const;

/** The newest position among the alarms, by the device's own time where it gave one. */
export function findLocation(alarms: readonly IncidentAlarm[]): Location | null {
  let best: { readonly location: Location; readonly atMs: number } | null = null;
  for (const alarm of alarms) {
    const location = readLocation(alarm.location);
    if (location === null) continue;
    const atMs = location.atMs ?? Date.parse(alarm.receivedAt);
    if (best === null || atMs >= best.atMs) best = { location, atMs };
  }
  return best?.location ?? null;
}

/** Devices send anything: what is no position on earth is none. */
export function readLocation(raw: Readonly<Record<string, unknown>> | null): Location | null {
  if (raw === null) return null;
  const { lat, lon, accuracyM, at, source, datum } = raw;
  if (!isWithin(lat, 90) || !isWithin(lon, 180)) return null;
  return {
    lat,
    lon,
    accuracyM: typeof accuracyM === 'number' && accuracyM >= 0 ? accuracyM : null,
    atMs: readTime(at),
    source: SOURCES.find((name) => name === source) ?? 'unknown',
    datum: typeof datum === 'string' && datum in DATUMS ? DATUMS[datum as keyof typeof DATUMS] : null,
  };
}

function isWithin(value: unknown, limit: number): value is number {
  return typeof value === 'number' && Math.abs(value) <= limit;
}

function readTime(at: unknown): number | null {
  const ms = typeof at === 'string' ? Date.parse(at) : at;
  return typeof ms === 'number' && Number.isFinite(ms) ? ms : null;
}
