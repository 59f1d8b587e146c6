export type Runner<Running> = {
  /** Waits for a stop that is under way, then runs. Twice: the same again. Rejects as `run` does, and may be called again then. */
  readonly start: () => Promise<Running>;
  /** Twice is once. What is still starting is stopped when it runs. */
  readonly stop: () => Promise<void>;
  /** Undefined while nothing runs. */
  readonly running: () => Running | undefined;
};

/** The life of a port: it begins once, stops once, and begins again when the stop is over. */
export function createRunner<Running extends { readonly stop: () => Promise<void> }>(
  run: () => Promise<Running>,
): Runner<Running> {
  let starting: Promise<Running> | undefined;
  let running: Running | undefined;
  let stopping: Promise<void> = Promise.resolve();

  const begin = async (): Promise<Running> => {
    await stopping;
    running = await run();
    return running;
  };
  return {
    start: () => {
      starting ??= begin().catch((error: unknown) => {
        starting = undefined;
        throw error;
      });
      return starting;
    },
    stop: async () => {
      const ending = starting;
      starting = undefined;
      if (ending !== undefined) {
        stopping = ending.then(
          (started) => {
            running = undefined;
            return started.stop();
          },
          // A start that failed has told its caller; there is nothing to stop.
          () => undefined,
        );
      }
      await stopping;
    },
    running: () => running,
  };
}
