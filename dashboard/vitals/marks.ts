import type { Incident, IncidentAlarm } from '../../gateway/api/contract/incident.ts';

/** A moment on the time axis at which something was the matter. */
export type Mark = {
  readonly id: string;
  readonly atMs: number;
  /** Code of `words.type`. */
  readonly type: string;
  /** Of the case that is open on the desk, or another of the same person. */
  readonly isOwn: boolean;
  /** What nobody was in danger by: a service, a device. Drawn small, so that it does not hide what was grave. */
  readonly isMinor: boolean;
};

/** From this priority on; 1 is life, 2 urgent. */
const FIRST_MINOR = 3;

type Alarm = Pick<IncidentAlarm, 'id' | 'type' | 'kind' | 'receivedAt'>;
type Case = Pick<Incident, 'id' | 'type' | 'priority' | 'openedAt' | 'residentId' | 'candidates'>;

/** Alarms of the own case, and when other cases of the person opened. In the order of time. */
export function listMarks(
  residentId: string,
  own: { readonly incidentId: string; readonly alarms: readonly Alarm[] } | null,
  cases: Iterable<Case>,
): Mark[] {
  const marks: Mark[] = (own?.alarms ?? [])
    .filter(({ kind }) => kind === 'alarm')
    .map(({ id, type, receivedAt }) => ({ id, type, atMs: Date.parse(receivedAt), isOwn: true, isMinor: false }));
  for (const { id, type, openedAt, ...incident } of cases) {
    const isTheirs = incident.residentId === residentId;
    // The own case stands there with its alarms, or, while they are not read yet, as a whole.
    const isShown = id === own?.incidentId && marks.some(({ isOwn }) => isOwn);
    if (!isTheirs || isShown) continue;
    const isOwn = id === own?.incidentId;
    marks.push({ id, type, atMs: Date.parse(openedAt), isOwn, isMinor: !isOwn && incident.priority >= FIRST_MINOR });
  }
  return marks.toSorted((a, b) => a.atMs - b.atMs);
}

/** How much somebody must see a mark: the own case's, then what was grave. */
export function weigh({ isOwn, isMinor }: Pick<Mark, 'isOwn' | 'isMinor'>): number {
  return isOwn ? 2 : isMinor ? 0 : 1;
}

/** The mark among these that speaks for all: the first of the weightiest. */
export function leadOf(marks: readonly Mark[]): Mark | undefined {
  return marks.reduce<Mark | undefined>(
    (lead, mark) => (lead === undefined || weigh(mark) > weigh(lead) ? mark : lead),
    undefined,
  );
}

/** The newest `most`, but none that is minor while one that is not is left out. In the order of time. */
export function pickMarks(marks: readonly Mark[], most: number): readonly Mark[] {
  const byWeight = marks.toSorted((a, b) => weigh(b) - weigh(a) || b.atMs - a.atMs);
  const picked = new Set(byWeight.slice(0, most));
  return marks.filter((mark) => picked.has(mark));
}

/** What lies at a moment, or within so many milliseconds of it; the nearest first. */
export function marksNear(marks: readonly Mark[], atMs: number, withinMs: number): Mark[] {
  const distance = (mark: Mark): number => Math.abs(mark.atMs - atMs);
  return marks.filter((mark) => distance(mark) <= withinMs).toSorted((a, b) => distance(a) - distance(b));
}

/** Marks at one place of the axis. */
export type PlacedMark = {
  /** Pixels. */
  readonly x: number;
  readonly marks: readonly Mark[];
  readonly isOwn: boolean;
  /** None of them was grave. */
  readonly isMinor: boolean;
};

/** Marks nearer than `nearPx` become one; those outside of `left … right` are left out. */
export function placeMarks(
  marks: readonly Mark[],
  toX: (atMs: number) => number,
  { left, right, nearPx }: { readonly left: number; readonly right: number; readonly nearPx: number },
): PlacedMark[] {
  const placed: { x: number; marks: Mark[]; isOwn: boolean; isMinor: boolean }[] = [];
  for (const mark of marks) {
    const x = toX(mark.atMs);
    if (!(x >= left && x <= right)) continue;
    const last = placed.at(-1);
    if (last !== undefined && x - last.x < nearPx) {
      last.marks.push(mark);
      last.isOwn ||= mark.isOwn;
      last.isMinor &&= mark.isMinor;
    } else placed.push({ x, marks: [mark], isOwn: mark.isOwn, isMinor: mark.isMinor });
  }
  return placed;
}
