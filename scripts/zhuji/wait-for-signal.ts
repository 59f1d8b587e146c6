/** Ctrl-C may arrive twice at once: from the terminal's process group and from the program that started us (chosen). */
const SAME_SIGNAL_MS = 1_000;

/** Settles at the first of these signals. A later one ends the process at once, for whoever does not want to wait. */
export function waitForSignal(names: readonly NodeJS.Signals[]): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let askedAtMs: number | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    if (askedAtMs !== undefined && performance.now() - askedAtMs > SAME_SIGNAL_MS) process.exit(1);
    askedAtMs ??= performance.now();
    resolve(name);
  };
  for (const name of names) process.on(name, onSignal);
  return promise;
}
