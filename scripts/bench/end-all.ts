/** Ends one part after another, whatever becomes of the one before: what a row started must not outlive it. */
export async function endAll(...parts: readonly (() => Promise<unknown>)[]): Promise<void> {
  const faults: unknown[] = [];
  for (const end of parts) {
    try {
      await end();
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, 'parts of the bench did not end well');
}
