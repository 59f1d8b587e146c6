/** What the bench asks of a generator, a process of its own. Times in milliseconds. */
export type Ask =
  /** Connects the clients `from` to `from + count`; their names and passwords follow from their numbers. */
  | { readonly task: 'connect'; readonly port: number; readonly from: number; readonly count: number }
  | { readonly task: 'close' }
  /** Alarms and vitals on open clients at a steady pace, whatever is answered. */
  | {
      readonly task: 'pace';
      readonly forMs: number;
      readonly alarmsPerS: number;
      readonly vitalsPerS: number;
      readonly readings: number;
    }
  /** Each client sends its next vitals when so many of its own wait for an answer no more. */
  | { readonly task: 'flood'; readonly forMs: number; readonly window: number; readonly readings: number }
  /** XADD of `bytes` each, one at a time at a steady pace, to a Redis on this machine. */
  | {
      readonly task: 'xadd';
      readonly port: number;
      readonly forMs: number;
      readonly perS: number;
      readonly bytes: number;
    }
  /** One press by the `client`-th of the open clients; the answer comes with its acknowledgement. */
  | { readonly task: 'press'; readonly client: number };

export type Measured = {
  /** From the moment when an alarm was due, not from when it went out, to its acknowledgement. */
  readonly latenciesMs: readonly number[];
  readonly alarmsSent: number;
  readonly alarmsAcked: number;
  readonly vitalsSent: number;
  readonly vitalsAcked: number;
  /** How late messages went out, 99th percentile: the generator's own fault. */
  readonly lagP99Ms: number;
  /** From the first message to the last acknowledgement. */
  readonly tookMs: number;
  /** Share of one processor that the generator used. */
  readonly cpu: number;
};

/** Epoch milliseconds with fractions (`wall-clock.ts`): just before the bytes were written, and when the answer was read. */
export type Pressed = { readonly sentMs: number; readonly ackedMs: number };

export type Answers = {
  readonly connect: null;
  readonly close: null;
  readonly pace: Measured;
  readonly flood: Measured;
  readonly xadd: Measured;
  readonly press: Pressed;
};

export type Question = { readonly number: number; readonly ask: Ask };

export type Answer = { readonly number: number } & (
  | { readonly ok: true; readonly value: Answers[Ask['task']] }
  | { readonly ok: false; readonly why: string }
);
