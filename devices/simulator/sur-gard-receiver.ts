import type { Logger } from 'pino';
import { encodeSurGard } from '../../protocols/sur-gard/encode.ts';
import { ACK, NAK, type SurGardWidths } from '../../protocols/sur-gard/limits.ts';
import type { SurGardMessage } from '../../protocols/sur-gard/message.ts';
import type { PortOptions } from '../links/serial/open-port.ts';
import { createSerialLine, type SerialLimits } from '../links/serial/serial-line.ts';

/** How a receiver behaves as it comes from the box (SG Automation Output Protocol; manual of MLR2E §9.2). */
export type ReceiverHabits = {
  readonly answerWithinMs: number;
  /** With the first: 3 are repeats. */
  readonly attempts: number;
  readonly heartbeatEveryMs: number;
  /** Beyond it the oldest are lost. */
  readonly kept: number;
};
const HABITS: ReceiverHabits = { answerWithinMs: 4000, attempts: 4, heartbeatEveryMs: 30_000, kept: 256 };

export type SimulatedReceiver = {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Sends it until it is acknowledged, then resolves; everything before it goes first. Rejects when it is lost. */
  readonly say: (message: SurGardMessage) => Promise<void>;
  /** Bytes on the line as they are, for nobody's answer. */
  readonly disturb: (bytes: Uint8Array) => Promise<void>;
  readonly counters: Readonly<ReceiverCounters>;
  /** It waits for the first heartbeat that is acknowledged, and sends nothing else. */
  readonly isAlone: () => boolean;
};

/** `strays`: answers that came when none was waited for. */
export type ReceiverCounters = {
  sent: number;
  repeated: number;
  acked: number;
  heartbeats: number;
  beatsHeard: number;
  strays: number;
  lost: number;
};

type Kept = { readonly bytes: Uint8Array; readonly resolve: () => void; readonly reject: (error: Error) => void };
type Answer = 'ack' | 'nak' | 'none';

/** An alarm receiver's automation output on a real serial port: one frame at a time, each until 0x06. */
export function createSurGardReceiver(options: {
  readonly port: PortOptions;
  readonly widths: SurGardWidths;
  readonly habits?: Partial<ReceiverHabits>;
  readonly lineLimits?: Partial<SerialLimits>;
  readonly logger: Logger;
}): SimulatedReceiver {
  const { widths } = options;
  const habits = { ...HABITS, ...options.habits };
  const counters: ReceiverCounters = {
    sent: 0,
    repeated: 0,
    acked: 0,
    heartbeats: 0,
    beatsHeard: 0,
    strays: 0,
    lost: 0,
  };
  const kept: Kept[] = [];
  const heartbeat = encodeSurGard({ kind: 'heartbeat', receiver: '01', line: '1' }, widths);
  const state = { isRunning: false, isAlone: false, isBeatDue: true };
  let onAnswer: ((answer: Answer) => void) | null = null;
  let wake: () => void = () => undefined;
  let beatTimer: NodeJS.Timeout | null = null;
  let ended: Promise<void> = Promise.resolve();

  const line = createSerialLine({
    ...options.port,
    name: 'simulated-receiver',
    logger: options.logger,
    limits: options.lineLimits ?? {},
    onState: () => wake(),
    onBytes: (bytes) => {
      for (const byte of bytes) {
        if (byte !== ACK && byte !== NAK) continue;
        if (onAnswer === null) counters.strays += 1;
        else onAnswer(byte === ACK ? 'ack' : 'nak');
        onAnswer = null;
      }
    },
  });

  /** One attempt: the frame, and whatever answer comes in time. An answer that nobody waits for is lost. */
  async function attempt(bytes: Uint8Array): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    onAnswer = resolve;
    const answerTimer = setTimeout(() => resolve('none'), habits.answerWithinMs);
    // A line that is closed gives no answer.
    line.write(bytes).catch(() => undefined);
    const answer = await promise;
    clearTimeout(answerTimer);
    onAnswer = null;
    return answer;
  }

  async function sendFirst(first: Kept): Promise<void> {
    for (let n = 0; n < habits.attempts && state.isRunning; n += 1) {
      if (n === 0) counters.sent += 1;
      else counters.repeated += 1;
      if ((await attempt(first.bytes)) !== 'ack') continue;
      counters.acked += 1;
      kept.shift();
      return first.resolve();
    }
    state.isAlone = true;
  }

  async function beat(): Promise<void> {
    state.isBeatDue = false;
    counters.heartbeats += 1;
    if ((await attempt(heartbeat)) !== 'ack') return;
    counters.beatsHeard += 1;
    state.isAlone = false;
  }

  async function run(): Promise<void> {
    while (state.isRunning) {
      const [first] = kept;
      if (state.isBeatDue) await beat();
      else if (first !== undefined && !state.isAlone) await sendFirst(first);
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }

  return {
    start: async () => {
      if (state.isRunning) return;
      state.isRunning = true;
      await line.start();
      beatTimer = setInterval(() => {
        state.isBeatDue = true;
        wake();
      }, habits.heartbeatEveryMs);
      ended = run();
    },
    stop: async () => {
      state.isRunning = false;
      if (beatTimer !== null) clearInterval(beatTimer);
      onAnswer?.('none');
      wake();
      await ended;
      await line.stop();
      for (const { reject } of kept.splice(0)) reject(new Error('the receiver was switched off'));
    },
    say: (message) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      kept.push({ bytes: encodeSurGard(message, widths), resolve, reject });
      // The first may be on the line just now.
      if (kept.length > habits.kept) {
        counters.lost += 1;
        kept.splice(1, 1)[0]?.reject(new Error('the receiver keeps no more'));
      }
      wake();
      return promise;
    },
    disturb: (bytes) => line.write(bytes),
    counters,
    isAlone: () => state.isAlone,
  };
}
