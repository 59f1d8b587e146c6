import type { Outcome } from './run-target.ts';

const HEAD = ['target', 'inputs', 's', 'inputs/s', 'slowest ms', 'growth KiB', 'result'] as const;

/** One line a target. */
export function formatOutcomes(outcomes: readonly Outcome[]): string {
  const rows: readonly (readonly string[])[] = [HEAD, ...outcomes.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    widths.map((width, n) => (n === 0 ? (row[n] ?? '').padEnd(width) : (row[n] ?? '').padStart(width))).join('  ');
  return rows.map(line).join('\n');
}

function cellsOf({ name, inputs, spentMs, slowestMs, grownBytes, failure }: Outcome): string[] {
  return [
    name,
    String(inputs),
    (spentMs / 1000).toFixed(1),
    spentMs === 0 ? '' : String(Math.round(inputs / (spentMs / 1000))),
    slowestMs.toFixed(1),
    String(Math.round(grownBytes / 1024)),
    failure === null ? 'ok' : failure.kind,
  ];
}

/** What is needed to see it again: the target, the seed, the number of the input and its bytes. */
export function formatFailure({ name, failure }: Outcome, seed: number): string {
  if (failure === null) return '';
  const hex = Buffer.from(failure.input).toString('hex');
  return `FAILED ${name}: ${failure.kind} (${failure.detail}) at input ${failure.index} of seed ${seed}, in hex:\n${hex}`;
}
