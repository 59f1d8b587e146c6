import type { AlarmType } from '../../../devices/alarm-types.ts';
import type { Clock } from '../../clock.ts';

/** The board is read no more often than this, however many readings come. Chosen. */
const FRESH_MS = 1000;

/** Answers at once whether a device has an open case of a type, one of `types`; up to a second behind. */
export function createOpenCases<Type extends AlarmType>(deps: {
  readonly types: readonly Type[];
  readonly open: () => readonly { readonly type: AlarmType; readonly subject: string }[];
  readonly clock: Pick<Clock, 'monoMs'>;
}): (type: Type, deviceKey: string) => boolean {
  const types: readonly AlarmType[] = deps.types;
  let readMonoMs = -Infinity;
  let found: ReadonlySet<string> = new Set();
  return (type, deviceKey) => {
    const now = deps.clock.monoMs();
    if (now - readMonoMs >= FRESH_MS) {
      readMonoMs = now;
      const ours = deps.open().filter((open) => types.includes(open.type));
      found = new Set(ours.map((open) => `${open.type} ${open.subject}`));
    }
    // Asked for each reading, and mostly there is none.
    return found.size > 0 && found.has(`${type} device:${deviceKey}`);
  };
}
