import type { Line } from './row.ts';

const HEAD = ['what', 'ours', 'the other', 'ratio', 'goal'] as const;

/** As it stands in the README: columns as wide as `npm run format` makes them, notes below. */
export function formatTable(lines: readonly Line[]): string {
  const cells = lines.map(({ what, ours, other, ratio, goal }) => [what, ours, other, formatRatio(ratio), goal]);
  const rows: readonly (readonly string[])[] = [HEAD, ...cells];
  const widths = HEAD.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const [head = '', ...body] = rows.map(
    (row) => `| ${widths.map((width, n) => (row[n] ?? '').padEnd(width)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const notes = [...new Set(lines.flatMap((line) => line.notes))].map((note) => `- ${note}`);
  return [head, rule, ...body, ...(notes.length === 0 ? [] : ['', ...notes])].join('\n');
}

function formatRatio(ratio: number | null): string {
  if (ratio === null) return '';
  if (!Number.isFinite(ratio)) return '?';
  return ratio < 0.1 ? ratio.toFixed(3) : ratio.toFixed(2);
}
