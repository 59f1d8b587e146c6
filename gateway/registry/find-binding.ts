/** When a device belonged to whom; times are epoch milliseconds, `until` null: it does now. */
export type BindingPeriod = { readonly from: number; readonly until: number | null };

/**
 * The binding that a moment falls into, from one device's bindings in their order: the last that had begun. A moment before
 * all of them falls into the first. Pure.
 */
export function findBinding<T extends BindingPeriod>(bindings: readonly T[], atMs: number): T | undefined {
  return bindings.findLast(({ from }) => from <= atMs) ?? bindings[0];
}
