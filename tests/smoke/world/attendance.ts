import { afterwards } from '../../harness/cleanup.ts';
import type { Operator } from './operator.ts';

export type Attendance = {
  /** As when the computer of the console is switched off: no heartbeat any more, and no word of it. */
  readonly fallSilent: () => void;
  /** Heartbeats that were answered with 200. */
  readonly answered: () => number;
};

/** Beats of a console; a real one sends them every 10 s. They go on until the test ends or it falls silent. */
export function keepAlive(operator: Operator, everyMs = 250): Attendance {
  let answered = 0;
  const beatTimer = setInterval(() => {
    operator.ask('POST', '/duty/heartbeat').then(
      ({ status }) => {
        if (status === 200) answered += 1;
      },
      // The gateway may be dead or frozen in this test; a console goes on trying.
      () => undefined,
    );
  }, everyMs);
  const fallSilent = (): void => clearInterval(beatTimer);
  afterwards(fallSilent);
  return { fallSilent, answered: () => answered };
}

/** On duty at a console that is heard, with heartbeats. */
export async function comeOnDuty(operator: Operator, everyMs?: number): Promise<Attendance> {
  const answer = await operator.ask('PUT', '/duty', { on: true, sound: true });
  if (answer.status !== 200) throw new Error(`PUT /duty answered ${answer.status}`);
  return keepAlive(operator, everyMs);
}
