import { setTimeout as delay } from 'node:timers/promises';
import { encodeBoxCaller, encodeLine, encodeModemCaller } from '../../protocols/caller-id/encode.ts';
import { LineFramer } from '../../protocols/caller-id/framer.ts';
import type { CallerFields } from '../../protocols/caller-id/message.ts';
import { openPort, type OpenPort, type PortOptions } from '../links/serial/open-port.ts';

export type CallerIdModemOptions = {
  /** Its own end of the cable. */
  readonly port: PortOptions;
  readonly dialect: 'modem' | 'box';
};

export type SimulatedCall = {
  /** What the exchange sends after the first ring; absent: it sends nothing. */
  readonly caller?: CallerFields;
  /** At least 1. */
  readonly rings: number;
  /** From ring to ring: 5 s in China. */
  readonly ringEveryMs?: number;
  /** From the first ring to the number. */
  readonly numberAfterMs?: number;
};

export type CallerIdModem = {
  /** Opens its port. Twice is once; after `stop` again. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Rings; resolves after the last ring. Whoever calls has rung off then, or the receiver was lifted. */
  readonly call: (call: SimulatedCall) => Promise<void>;
  /** Lifts the receiver, or lays it down: the line rings no more. A box tells it. */
  readonly hook: (is: 'off' | 'on') => Promise<void>;
  /** Any bytes, as noise would come. */
  readonly say: (bytes: Uint8Array) => Promise<void>;
  /** From now on it answers nothing, or answers again. It rings all the same. */
  readonly setAnswering: (isAnswering: boolean) => void;
  /** The commands that it was sent, in order. */
  readonly commands: () => readonly string[];
};

/** As exchanges do it in China: 1 s of ring, 4 s of silence, the number in the first silence. */
const RING_EVERY_MS = 5000;
const NUMBER_AFTER_MS = 1000;

const MARKS = { off: 'OFF-HOOK', on: 'ON-HOOK' } as const;

/** A telephone line with a caller-ID modem or box that does not exist, speaking over a real terminal. */
export function createCallerIdModem({ port, dialect }: CallerIdModemOptions): CallerIdModem {
  const commands: string[] = [];
  const framer = new LineFramer();
  let open: OpenPort | null = null;
  let tellsNumbers = dialect === 'box';
  let isAnswering = true;
  let ringing = new AbortController();

  function opened(): OpenPort {
    if (open === null) throw new Error('The simulated modem is not started');
    return open;
  }

  function obey(bytes: Uint8Array): void {
    for (const line of framer.push(bytes)) {
      const command = String.fromCharCode(...line);
      commands.push(command);
      if (dialect === 'box' || !isAnswering) continue;
      if (command === 'ATZ') tellsNumbers = false;
      if (command === 'AT+VCID=1') tellsNumbers = true;
      // Unplugged in between: nobody waits for the answer.
      opened()
        .write(encodeLine(command.startsWith('AT') ? 'OK' : 'ERROR'))
        .catch(() => undefined);
    }
  }

  async function tellCaller(caller: CallerFields | undefined): Promise<void> {
    if (caller === undefined || !tellsNumbers) return;
    await opened().write(dialect === 'modem' ? encodeModemCaller(caller) : encodeBoxCaller(caller));
  }

  return {
    start: async () => {
      open ??= await openPort(port, { onBytes: obey, onClosed: () => undefined });
    },
    stop: async () => {
      ringing.abort();
      const closing = open;
      open = null;
      framer.reset();
      await closing?.close();
    },
    call: async ({ caller, rings, ringEveryMs = RING_EVERY_MS, numberAfterMs = NUMBER_AFTER_MS }) => {
      ringing = new AbortController();
      const { signal } = ringing;
      // Cut short when somebody lifts the receiver: what comes next looks at `signal`.
      const rest = (ms: number): Promise<unknown> => delay(ms, undefined, { signal }).catch(() => undefined);
      for (let rung = 0; rung < rings && !signal.aborted; rung += 1) {
        await opened().write(encodeLine('RING'));
        if (rung === 0) {
          await rest(numberAfterMs);
          if (!signal.aborted) await tellCaller(caller);
        }
        if (rung + 1 < rings) await rest(ringEveryMs - (rung === 0 ? numberAfterMs : 0));
      }
    },
    hook: async (is) => {
      ringing.abort();
      if (dialect === 'box') await opened().write(encodeLine(MARKS[is]));
    },
    say: (bytes) => opened().write(bytes),
    setAnswering: (next) => {
      isAnswering = next;
    },
    commands: () => [...commands],
  };
}
