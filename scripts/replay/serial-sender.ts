import { setTimeout as delay } from 'node:timers/promises';
import type { FrameFormat } from '../../devices/links/serial/frame-format.ts';
import { openPort } from '../../devices/links/serial/open-port.ts';
import { ACK, DC4, NAK } from '../../protocols/sur-gard/limits.ts';
import type { CapturedFrame } from './read-capture.ts';
import { AnswerWait, type Sender } from './sender.ts';

/** Between the lines of a caller-ID modem and the next call; chosen. */
const CALL_PAUSE_MS = 100;

/**
 * Plays the receiver or the modem at the other end of a serial cable. An alarm receiver is answered with 0x06 or 0x15; a modem
 * only with commands, so what it says is sent and no more is known.
 */
export async function createSerialSender(
  options: FrameFormat & { readonly path: string; readonly baudRate: number },
): Promise<Sender> {
  const wait = new AnswerWait();
  const port = await openPort(options, {
    onBytes: (bytes) => {
      for (const byte of bytes) if (byte === ACK || byte === NAK) wait.answered(byte === ACK ? 'ACK' : 'NAK');
    },
    onClosed: () => undefined,
  });
  return {
    send: async (frame) => {
      if (frame.protocol === 'caller-id') {
        await port.write(withLineEnds(frame));
        await delay(CALL_PAUSE_MS);
        return 'sent';
      }
      const answer = wait.next();
      await port.write(withDc4(frame));
      return answer;
    },
    close: () => port.close(),
  };
}

/** The trace keeps it without its end. */
function withDc4({ bytes }: CapturedFrame): Uint8Array {
  return bytes.at(-1) === DC4 ? bytes : Uint8Array.from([...bytes, DC4]);
}

function withLineEnds({ bytes }: CapturedFrame): Uint8Array {
  return Uint8Array.from([0x0d, 0x0a, ...bytes, 0x0d, 0x0a]);
}
