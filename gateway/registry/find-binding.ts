/** When a device belonged to whom; times are epoch milliseconds, `until` null: it does now. */
export type BindingPeriod = { readonly number: number; readonly from: number; readonly until: number | null };

/**
 * The binding that a moment falls into, from those of one device that are known, in their order: the last that had begun. A
 * moment before the very first falls into it; before what is known it was somebody of whom nothing is known. Pure.
 */
export function findBinding<T extends BindingPeriod>(bindings: readonly T[], atMs: number): T | undefined {
  return bindings.findLast(({ from }) => from <= atMs) ?? bindings.find(({ number }) => number === 1);
}
