import type { OwnLimit, ResidentLimits } from '../../../gateway/api/contract/limits.ts';
import { defineCommand, UsageError } from '../command.ts';
import { formatTable } from '../table.ts';

export const residentLimits = defineCommand({
  name: 'resident limits',
  summary:
    'Show what is well for a person, or record limits of their own: all of them at once, the rest has the defaults.',
  argument: { name: 'ID', description: 'The person' },
  options: {
    set: {
      type: 'string',
      value: 'METRIC=LOW..HIGH',
      description: 'spo2=86.. or heart-rate=45..140; both ends are well, an empty one is none',
      multiple: true,
    },
    defaults: { type: 'boolean', description: 'None of their own any more' },
  },
  run: async ({ json, print, client }, { set, defaults }, id) => {
    if (defaults && set.length > 0) throw new UsageError('--set and --defaults do not go together');
    const limits = set.map(readLimit);
    const path = `/residents/${encodeURIComponent(id)}/limits`;
    const gateway = await client();
    const told =
      defaults || limits.length > 0
        ? await gateway.request<ResidentLimits>('PUT', path, { limits })
        : await gateway.request<ResidentLimits>('GET', path);
    if (json) {
      print(JSON.stringify({ residentId: id, ...told }));
      return 0;
    }
    const end = (value: number | null): string => (value === null ? '-' : String(value));
    print(
      formatTable(
        ['METRIC', 'LOW', 'HIGH', 'UNIT', 'FROM'],
        told.limits.map(({ metric, low, high, unit, source }) => [metric, end(low), end(high), unit, source]),
      ),
    );
    return 0;
  },
});

/** The gateway judges the numbers. */
function readLimit(text: string): OwnLimit {
  const [, metric, low, high] = /^([\w-]+)=(-?[\d.]*?)\.\.(-?[\d.]*)$/.exec(text) ?? [];
  const ends = [low, high].map((end) => (end === undefined || end === '' ? null : Number(end)));
  if (metric === undefined || ends.some(Number.isNaN))
    throw new UsageError(`--set takes METRIC=LOW..HIGH, not ${text}`);
  return { metric, low: ends[0] ?? null, high: ends[1] ?? null };
}
