import type { AlarmType } from '../../../devices/alarm-types.ts';
import type { Clock } from '../../clock.ts';

/** The board is read no more often than this, however many readings come. Chosen. */
const FRESH_MS = 1000;

/** Answers at once whether a device has an open case of this type; up to a second behind. */
export function createOpenCases(deps: {
  readonly type: AlarmType;
  readonly open: () => readonly { readonly type: AlarmType; readonly subject: string }[];
  readonly clock: Pick<Clock, 'monoMs'>;
}): (deviceKey: string) => boolean {
  let readMonoMs = -Infinity;
  let subjects: ReadonlySet<string> = new Set();
  return (deviceKey) => {
    const now = deps.clock.monoMs();
    if (now - readMonoMs >= FRESH_MS) {
      readMonoMs = now;
      subjects = new Set(deps.open().flatMap(({ type, subject }) => (type === deps.type ? [subject] : [])));
    }
    return subjects.has(`device:${deviceKey}`);
  };
}
