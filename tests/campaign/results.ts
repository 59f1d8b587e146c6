import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What came of one leg. All counts are of alarms, but for the first three. */
export type LegResult = {
  readonly seed: number;
  readonly gateways: number;
  readonly blows: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  readonly stored: number;
  readonly shown: number;
  readonly resolved: number;
  /** More than one copy in the incidents, and no reason for it. */
  readonly doubled: number;
  /** More than one copy because a gateway's clock was wrong by more than 5 min: then a repeat counts as a press (design §4). */
  readonly rangAgain: number;
  readonly seconds: number;
};

export async function saveResult(path: string, result: LegResult): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await appendFile(path, `${JSON.stringify(result)}\n`);
}

/** A line that was cut by a kill is no result. */
export async function loadResults(path: string): Promise<LegResult[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as LegResult];
    } catch {
      return [];
    }
  });
}

/** A table for a README: one row for each number of gateways, and the sum. */
export function formatTable(results: readonly LegResult[]): string {
  const rows = [1, 2].map((gateways) => ({
    name: gateways === 1 ? 'one gateway' : 'two gateways',
    of: results.filter((result) => result.gateways === gateways),
  }));
  const lines = [...rows, { name: 'together', of: results }].map(({ name, of }) => {
    const sum = (pick: (result: LegResult) => number): number => of.reduce((total, result) => total + pick(result), 0);
    const blows = sum((result) => Object.values(result.blows).reduce((total, count) => total + count, 0));
    const cells = [
      of.length,
      blows,
      sum(({ acknowledged }) => acknowledged),
      sum(({ stored }) => stored),
      sum(({ shown }) => shown),
      sum(({ resolved }) => resolved),
      sum(({ doubled }) => doubled),
      sum(({ rangAgain }) => rangAgain),
    ];
    return `| ${name} | ${cells.join(' | ')} |`;
  });
  return [
    '| | legs | blows | acknowledged | stored | shown | resolved | doubled | rang again |',
    '|---|---|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}
