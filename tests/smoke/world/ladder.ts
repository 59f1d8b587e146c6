import type { IncidentDetail } from '../../../gateway/api/contract/incident.ts';
import type { TestGateway } from '../../harness/gateway.ts';
import { until } from '../../harness/until.ts';
import { localClient } from './register.ts';

/** A line of the log about a deadline: what it did, and how long after the case opened. */
export type Rung = {
  readonly step: string;
  readonly afterMs: number;
  readonly isEmpty: boolean;
  readonly pass: unknown;
};

/** Read by the gateway's own machine: to look at a case is no sign of life of anybody. */
export function loadCase(gateway: Pick<TestGateway, 'socketPath' | 'dataDir'>, id: string): Promise<IncidentDetail> {
  return localClient(gateway).request('GET', `/incidents/${id}`);
}

/** The steps of the ladder in order of the log. */
export function listSteps({ log, openedAt }: IncidentDetail): Rung[] {
  return log
    .filter(({ type }) => type === 'step')
    .map(({ at, data }) => ({
      step: String(data['step']),
      afterMs: Date.parse(at) - Date.parse(openedAt),
      isEmpty: data['passedOver'] === true,
      pass: data['pass'],
    }));
}

/** Waits until a step reached somebody, and answers all that came until then. */
export async function untilReached(
  gateway: Pick<TestGateway, 'socketPath' | 'dataDir'>,
  id: string,
  step: string,
  timeoutMs: number,
): Promise<Rung[]> {
  let steps: Rung[] = [];
  const look = async (): Promise<boolean> => {
    steps = listSteps(await loadCase(gateway, id));
    return steps.some((rung) => rung.step === step && !rung.isEmpty);
  };
  await until(look, { timeoutMs, what: `the step ${step}`, everyMs: 100 });
  return steps;
}
