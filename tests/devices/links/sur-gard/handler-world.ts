import { pino } from 'pino';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AlarmEvent } from '../../../../devices/event.ts';
import type { AlarmDoor, Arrival, Sender, TracedFrame } from '../../../../devices/links/ports.ts';
import { AlarmLane } from '../../../../devices/links/alarm-lane.ts';
import { InFlight } from '../../../../devices/links/in-flight.ts';
import { createSurGardCounters } from '../../../../devices/links/sur-gard/counters.ts';
import { FrameHandler } from '../../../../devices/links/sur-gard/frame-handler.ts';
import { SUR_GARD_LIMITS } from '../../../../devices/links/sur-gard/limits.ts';
import { DEFAULT_WIDTHS } from '../../../../protocols/sur-gard/limits.ts';

type Settle = { readonly keep: () => void; readonly refuse: () => void };

/** A frame handler whose door is the test's own and whose clock stands still until it is moved. */
export function handlerWorld({ inFlightBytes } = SUR_GARD_LIMITS) {
  const arrivals: Arrival[] = [];
  const settles: Settle[] = [];
  const heard: string[] = [];
  const traced: TracedFrame[] = [];
  const counters = createSurGardCounters();
  const world = { nowMs: 1_700_000_000_000, answers: 0, sender: (account: string): Sender => stranger(account) };
  const tell = (deviceId: string): void => void heard.push(deviceId);
  const logger = pino({ level: 'silent' });
  const door: AlarmDoor = {
    accept: (arrival) => {
      arrivals.push(arrival);
      const { promise, resolve, reject } = Promise.withResolvers<AlarmEvent>();
      const event = { id: `event-${arrivals.length}` } as AlarmEvent;
      settles.push({ keep: () => resolve(event), refuse: () => reject(new Error('no disk')) });
      return promise;
    },
  };
  const inFlight = new InFlight({ inFlightBytes, inFlightBytesPerConnection: inFlightBytes });
  const handler = new FrameHandler({
    ...{ name: 'north', widths: DEFAULT_WIDTHS, limits: SUR_GARD_LIMITS, counters },
    book: { accountOf: (_receiver, account) => world.sender(account) },
    ...{ lane: new AlarmLane(door, inFlight, counters, logger), inFlight },
    contacts: { heard: tell, connected: tell, disconnected: tell, dropped: tell },
    trace: { frame: (frame) => void traced.push(frame) },
    clock: { nowMs: () => world.nowMs, monoMs: () => world.nowMs },
    logger,
    answer: () => void (world.answers += 1),
  });
  return {
    ...{ handler, arrivals, heard, traced, counters, world },
    say: (text: string): boolean => handler.take(new Uint8Array(Buffer.from(text, 'latin1'))),
    pass: (ms: number): void => void (world.nowMs += ms),
    keep: async (index: number): Promise<void> => {
      settles[index]?.keep();
      await nextTurn();
      await nextTurn();
    },
    refuse: async (index: number): Promise<void> => {
      settles[index]?.refuse();
      await nextTurn();
      await nextTurn();
    },
  };
}

function stranger(account: string): Sender {
  return { deviceId: `north-${account}`, standing: 'unregistered', model: null, key: null };
}
