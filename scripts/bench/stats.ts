/** The value below which the share `q` (0 to 1) of them lies, by the nearest rank; NaN of none. */
export function percentile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle one; of an even number the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Of several runs: the percentile of each, and of these the median. */
export function medianPercentile(runs: readonly { readonly latenciesMs: readonly number[] }[], q: number): number {
  return median(runs.map(({ latenciesMs }) => percentile(latenciesMs, q)));
}

/** The median of the ratios would be another number: this is what the table's two figures give. */
export function ratioOf(ours: readonly number[], other: readonly number[]): number {
  return median(ours) / median(other);
}
