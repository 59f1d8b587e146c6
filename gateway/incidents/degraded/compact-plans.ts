import type { CommitArgument, CommitOp } from '../commit-script.ts';
import { REDIS_KEYS } from '../../store/keys.ts';
import { INCIDENT_KEYS } from '../keys.ts';
import { numberKeys } from '../number-keys.ts';
import { argumentOf } from './apply-request.ts';
import type { LocalPlan } from './plan-journal.ts';

/** Lines of one plan: the script carries it out whole, and Redis serves nobody meanwhile. Chosen. */
const MAX_LINES = 500;

/** What a step of the ladder is: a case that stays open goes on by a version, with lines, and tells people. */
type Step = {
  readonly incidentKey: string;
  readonly was: string;
  readonly record: Extract<CommitOp, { op: 'incident' }>;
  readonly rank: Extract<CommitOp, { op: 'rank' }>;
  readonly listKey: string;
  readonly entries: readonly string[];
  readonly outbox: readonly string[];
};

/** Steps of one case that follow each other, with nothing of that case between them. */
type Run = { readonly plans: LocalPlan[]; readonly steps: Step[]; lines: number };

/**
 * Puts steps of the same case that follow each other into one plan: all their lines and notifications, and of the records, of
 * which each step has two, the first and the last. While Redis is away for days a case that nobody attends takes a step every
 * few seconds. A plan keeps its last step's id: Redis has that one only where it has all of them. Pure.
 */
export function compactPlans(plans: readonly LocalPlan[]): LocalPlan[] {
  const runs: Run[] = [];
  const growing = new Map<string, Run>();
  for (const plan of plans) {
    const step = stepOf(plan);
    if (step === null) {
      for (const key of plan.request.keys) growing.delete(key);
      runs.push({ plans: [plan], steps: [], lines: 0 });
      continue;
    }
    const known = growing.get(step.incidentKey);
    const lines = step.entries.length;
    if (known?.steps.at(-1)?.record.version === step.was && known.lines + lines <= MAX_LINES) {
      known.plans.push(plan);
      known.steps.push(step);
      known.lines += lines;
      continue;
    }
    const run = { plans: [plan], steps: [step], lines };
    runs.push(run);
    growing.set(step.incidentKey, run);
  }
  return runs.map(planOf);
}

function planOf({ plans, steps }: Run): LocalPlan {
  const [firstPlan, lastPlan] = [plans[0], plans.at(-1)];
  const [first, last] = [steps[0], steps.at(-1)];
  if (firstPlan === undefined || lastPlan === undefined) throw new Error('a run of no plans');
  if (first === undefined || last === undefined || plans.length === 1) return firstPlan;
  const { keys, numberOf } = numberKeys();
  const key = numberOf(first.incidentKey);
  const argument: CommitArgument = {
    checks: [{ key, field: 'v', was: first.was }],
    ops: [
      { ...last.record, key },
      { ...last.rank, key: numberOf(INCIDENT_KEYS.openSet) },
      ...steps.flatMap(({ entries }) =>
        entries.map((entry): CommitOp => ({
          op: 'log',
          key: numberOf(INCIDENT_KEYS.log),
          list: numberOf(first.listKey),
          from: key,
          entry,
        })),
      ),
      ...steps.flatMap(({ outbox }) =>
        outbox.map((value): CommitOp => ({ op: 'outbox', key: numberOf(REDIS_KEYS.outbox), value })),
      ),
    ],
  };
  return { id: lastPlan.id, request: { keys, argument: JSON.stringify(argument) }, before: firstPlan.before };
}

/** Null: it is more than a step, and stays as it is. */
function stepOf({ request, before }: LocalPlan): Step | null {
  const [changed, ...others] = before;
  if (changed === undefined || changed.json === null || others.length > 0) return null;
  const { checks, ops } = argumentOf(request);
  const keyOf = (number: number | undefined): string => request.keys[(number ?? 0) - 1] ?? '';
  const [check, ...moreChecks] = checks;
  if (check === undefined || moreChecks.length > 0 || check.field !== 'v' || check.was === null) return null;
  const [record, rank, ...rest] = ops;
  if (record?.op !== 'incident' || rank?.op !== 'rank' || keyOf(rank.key) !== INCIDENT_KEYS.openSet) return null;
  const incidentKey = changed.key;
  if (keyOf(check.key) !== incidentKey || keyOf(record.key) !== incidentKey) return null;
  const listKey = INCIDENT_KEYS.entries(rank.member);
  const entries: string[] = [];
  const outbox: string[] = [];
  for (const op of rest) {
    if (op.op === 'outbox') outbox.push(op.value);
    else if (op.op === 'log' && keyOf(op.list) === listKey && keyOf(op.from) === incidentKey) entries.push(op.entry);
    else return null;
  }
  return { incidentKey, was: check.was, record, rank, listKey, entries, outbox };
}
