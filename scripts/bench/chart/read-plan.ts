/** What a statement touched: rows that its scans looked at, and the tables that were read at all, in the order of their names. */
export type Read = { readonly rows: number; readonly tables: readonly string[] };

type Node = {
  readonly 'Node Type'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Node[];
};

/** Adds up what `explain (analyze, format json)` answers. A part that was never executed was not read. */
export function readPlan(answer: unknown): Read {
  const [first] = answer as readonly { readonly Plan: Node }[];
  const scans = first === undefined ? [] : listNodes(first.Plan).filter((node) => node['Relation Name'] !== undefined);
  const executed = scans.filter((node) => (node['Actual Loops'] ?? 0) > 0);
  const tables = new Set(executed.map((node) => node['Relation Name'] ?? ''));
  return { rows: executed.reduce((sum, node) => sum + countRows(node), 0), tables: [...tables].toSorted() };
}

function listNodes(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(listNodes)];
}

/** The plan tells the average of a loop. */
function countRows(node: Node): number {
  const looked =
    (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return looked * (node['Actual Loops'] ?? 0);
}
