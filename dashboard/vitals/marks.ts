import type { Incident, IncidentAlarm } from '../../gateway/api/contract/incident.ts';

/** A moment on the time axis at which something was the matter. */
export type Mark = {
  readonly id: string;
  readonly atMs: number;
  /** Code of `words.type`. */
  readonly type: string;
  /** Of the case that is open on the desk, or another of the same person. */
  readonly isOwn: boolean;
};

type Alarm = Pick<IncidentAlarm, 'id' | 'type' | 'kind' | 'receivedAt'>;
type Case = Pick<Incident, 'id' | 'type' | 'openedAt' | 'residentId' | 'candidates'>;

/** Alarms of the own case, and when other cases of the person opened. In the order of time. */
export function listMarks(
  residentId: string,
  own: { readonly incidentId: string; readonly alarms: readonly Alarm[] } | null,
  cases: Iterable<Case>,
): Mark[] {
  const marks: Mark[] = (own?.alarms ?? [])
    .filter(({ kind }) => kind === 'alarm')
    .map(({ id, type, receivedAt }) => ({ id, type, atMs: Date.parse(receivedAt), isOwn: true }));
  for (const { id, type, openedAt, ...incident } of cases) {
    const isTheirs = incident.residentId === residentId;
    // The own case stands there with its alarms, or, while they are not read yet, as a whole.
    const isShown = id === own?.incidentId && marks.some(({ isOwn }) => isOwn);
    if (isTheirs && !isShown) marks.push({ id, type, atMs: Date.parse(openedAt), isOwn: id === own?.incidentId });
  }
  return marks.toSorted((a, b) => a.atMs - b.atMs);
}

/** Marks at one place of the axis. */
export type PlacedMark = {
  /** Pixels. */
  readonly x: number;
  readonly marks: readonly Mark[];
  readonly isOwn: boolean;
};

/** Marks nearer than `nearPx` become one; those outside of `left … right` are left out. */
export function placeMarks(
  marks: readonly Mark[],
  toX: (atMs: number) => number,
  { left, right, nearPx }: { readonly left: number; readonly right: number; readonly nearPx: number },
): PlacedMark[] {
  const placed: { x: number; marks: Mark[]; isOwn: boolean }[] = [];
  for (const mark of marks) {
    const x = toX(mark.atMs);
    if (!(x >= left && x <= right)) continue;
    const last = placed.at(-1);
    if (last !== undefined && x - last.x < nearPx) {
      last.marks.push(mark);
      last.isOwn ||= mark.isOwn;
    } else placed.push({ x, marks: [mark], isOwn: mark.isOwn });
  }
  return placed;
}
