import type { Line } from './row.ts';

/** As it stands in the README. */
export function formatTable(lines: readonly Line[]): string {
  const rows = lines.map(
    ({ what, ours, other, ratio, goal }) =>
      `| ${what} | ${ours} | ${other} | ${ratio === null ? '' : ratio.toFixed(2)} | ${goal} |`,
  );
  const notes = [...new Set(lines.flatMap((line) => line.notes))].map((note) => `- ${note}`);
  return ['| what | ours | the other | ratio | goal |', '|---|---|---|---|---|', ...rows, '', ...notes].join('\n');
}
