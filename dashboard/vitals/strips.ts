import type { Limit } from './limits.ts';
import { stripOf } from './metrics.ts';
import { calcRange, type Range } from './scale.ts';
import type { Series } from './series.ts';

/** One band of the chart: lines of one unit over one scale. */
export type Strip = {
  readonly key: string;
  readonly unit: string | null;
  readonly series: readonly Series[];
  readonly limits: readonly Limit[];
  readonly range: Range;
};

/** In the order of the first line of each. Lines share a strip only where they share the unit too: a strip has one scale. */
export function planStrips(series: readonly Series[], limits: readonly Limit[]): Strip[] {
  const groups = Map.groupBy(series, ({ unit, metric }) => `${stripOf(metric)} ${unit ?? ''}`);
  return [...groups].map(([key, members]) => {
    const own = limits.filter(({ metric }) => members.some((one) => one.metric === metric));
    const unit = members[0]?.unit ?? null;
    return { key, unit, series: members, limits: own, range: calcRange(unit, members, own) };
  });
}
