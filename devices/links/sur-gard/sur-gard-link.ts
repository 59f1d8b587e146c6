import { SurGardFramer } from '../../../protocols/sur-gard/framer.ts';
import { AlarmLane } from '../alarm-lane.ts';
import { InFlight } from '../in-flight.ts';
import type { ReceiverCounts } from '../ports.ts';
import { errorCodeOf } from '../serial/serial-error.ts';
import { createSerialLine, type LineHealth } from '../serial/serial-line.ts';
import { createSurGardCounters, type SurGardCounters } from './counters.ts';
import { FrameHandler } from './frame-handler.ts';
import { SUR_GARD_LIMITS } from './limits.ts';
import type { SurGardLinkOptions } from './link-options.ts';

export type SurGardHealth = LineHealth & { readonly counters: Readonly<SurGardCounters> };

export type SurGardLink = {
  readonly name: string;
  /** Opens the port, or goes on trying; never rejects. Twice is once. */
  readonly start: () => Promise<void>;
  /** Lets alarms at the door settle for a moment, so that their acknowledgements still go out. */
  readonly stop: () => Promise<void>;
  readonly health: () => SurGardHealth;
  readonly counts: () => ReceiverCounts;
};

/** The automation output of one alarm receiver on one serial port. */
export function createSurGardLink(options: SurGardLinkOptions): SurGardLink {
  const { name, clock, logger } = options;
  const limits = { ...SUR_GARD_LIMITS, ...options.limits };
  const counters = createSurGardCounters();
  const framer = new SurGardFramer();
  /** When the receiver was heard last, or its line opened; monotonic. */
  let heardMonoMs = 0;

  const inFlight = new InFlight({ ...limits, inFlightBytesPerConnection: limits.inFlightBytes });
  const lane = new AlarmLane(options.door, inFlight, counters, logger);
  const handler = new FrameHandler({
    ...options,
    ...{ lane, inFlight, limits, counters },
    answer: (bytes) => {
      line.write(bytes).catch((error: unknown) => {
        // The receiver sends again, and then it is answered.
        logger.warn({ link: name, code: errorCodeOf(error) }, 'an answer to the receiver could not be written');
      });
    },
  });
  const line = createSerialLine({
    ...options.port,
    name,
    logger,
    limits: options.lineLimits ?? {},
    onState: (state) => {
      if (state === 'open') heardMonoMs = clock.monoMs();
      counters.noiseBytes += framer.reset();
      handler.interrupt();
    },
    onBytes: (bytes) => {
      for (const piece of framer.push(bytes)) {
        if (piece.kind === 'noise') counters.noiseBytes += piece.count;
        else if (piece.kind === 'over-long') {
          counters.overLong += 1;
          handler.interrupt();
        } else if (handler.take(piece.bytes)) heardMonoMs = clock.monoMs();
      }
    },
  });

  function check(): LineHealth {
    const health = line.health();
    if (health.status !== 'ok') return health;
    const silentMs = clock.monoMs() - heardMonoMs;
    const { frames, unread, wrongParity } = counters;
    const counts = `${frames} frames, ${unread} unreadable`;
    const hint = wrongParity > 0 ? ' (some with an eighth bit: speed or frame may be set otherwise)' : '';
    if (silentMs <= limits.silentAfterMs) return { status: 'ok', detail: `${health.detail}; ${counts}${hint}` };
    const silent = `nothing heard of the receiver for ${Math.floor(silentMs / 1000)} s`;
    return { status: 'degraded', detail: `${health.detail}; ${silent}; ${counts}${hint}` };
  }

  return {
    name,
    start: () => line.start(),
    stop: async () => {
      await lane.stop(limits.stopGraceMs);
      await line.stop();
    },
    health: () => ({ ...check(), counters }),
    counts: () => ({
      frames: counters.frames,
      unreadable: counters.unread,
      acked: counters.acked,
      notDurable: counters.alarmsNotDurable,
    }),
  };
}
