const DAY_MS = 24 * 60 * 60 * 1000;

/** A partitioned table of the native kind: parts of so many days each, counted from 1970. */
export type Parted = { readonly table: string; readonly days: number };

/** Readings by the day; hours, which are few and kept long, by four weeks. */
export const READINGS = { table: 'observations', days: 1 } as const satisfies Parted;
export const HOURS = { table: 'observations_hourly', days: 28 } as const satisfies Parted;

export type Part = { readonly name: string; readonly fromMs: number; readonly untilMs: number };

/** The part in which a moment lies. UTC. */
export function calcPart({ table, days }: Parted, ms: number): Part {
  const width = days * DAY_MS;
  const fromMs = Math.floor(ms / width) * width;
  return { name: `${table}_${formatDay(fromMs)}`, fromMs, untilMs: fromMs + width };
}

/** All parts that two moments span, both included. */
export function listParts(of: Parted, firstMs: number, lastMs: number): Part[] {
  const parts: Part[] = [];
  const last = calcPart(of, lastMs).fromMs;
  for (let part = calcPart(of, firstMs); part.fromMs <= last; part = calcPart(of, part.untilMs)) parts.push(part);
  return parts;
}

/** What a name says; null for the name of something else. */
export function parsePart(of: Parted, name: string): Part | null {
  const prefix = `${of.table}_`;
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(name.slice(prefix.length)) ?? [];
  if (!name.startsWith(prefix) || year === undefined) return null;
  const ms = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  const part = Number.isNaN(ms) ? null : calcPart(of, ms);
  return part?.name === name ? part : null;
}

function formatDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10).replaceAll('-', '');
}
