export type Timers = {
  readonly every: (ms: number, run: () => void) => unknown;
  readonly after: (ms: number, run: () => void) => unknown;
  /** Null and what has already run are accepted. */
  readonly cancel: (timer: unknown) => void;
};

export const browserTimers: Timers = {
  every: (ms, run) => setInterval(run, ms),
  after: (ms, run) => setTimeout(run, ms),
  cancel: (timer) => {
    if (timer === null) return;
    // One id space: clearTimeout ends intervals too (HTML, "clearTimeout and clearInterval are interchangeable").
    clearTimeout(timer as ReturnType<typeof setTimeout>);
  },
};
