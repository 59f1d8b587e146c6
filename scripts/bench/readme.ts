const BEGIN = '<!-- bench: written by `npm run bench -- --write` -->';
const END = '<!-- end of bench -->';

/** Puts a text between the two marks of a README in place of what stands there. @throws Error where the marks are not there */
export function putBetweenMarks(readme: string, text: string): string {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) throw new Error(`no place for the table: ${BEGIN} … ${END}`);
  return `${readme.slice(0, from + BEGIN.length)}\n\n${text.trim()}\n\n${readme.slice(to)}`;
}

export type Machine = {
  readonly cores: number;
  readonly processor: string;
  readonly node: string;
  /** Null where no site was opened. */
  readonly postgres: string | null;
  readonly redis: string | null;
};

/** What was measured on what, and how to do it again: the sentence above the table. `day` is an ISO date. */
export function describeRun(
  { cores, processor, node, postgres, redis }: Machine,
  run: { readonly day: string; readonly seconds: number; readonly command: string; readonly repeats: number },
): string {
  const servers = [
    `Node.js ${node}`,
    ...(postgres === null ? [] : [`PostgreSQL ${postgres}`]),
    ...(redis === null ? [] : [redis]),
  ];
  return [
    `Measured on ${run.day} with \`${run.command}\` in ${(run.seconds / 60).toFixed(1)} minutes: ${cores} processors (${processor})`,
    `for gateway, servers and generators together, ${servers.join(', ')}; medians of ${run.repeats}, the sides by turns.`,
    'Quote ratios: the absolute figures are of that machine on that day.',
  ].join('\n');
}
