import { SerialPort } from 'serialport';
import type { FrameFormat } from './frame-format.ts';
import { SerialError } from './serial-error.ts';

export type PortOptions = FrameFormat & { readonly path: string; readonly baudRate: number };

/** An open port. It never opens again: what comes after is another one. */
export type OpenPort = {
  /** Resolves when the system has taken the bytes; rejects when it has not, or the port closed meanwhile. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Twice is once. What the system has taken is still sent. */
  readonly close: () => Promise<void>;
};

/** At most so many bytes are read at a time: what a line of 115,200 baud brings in 350 ms. Chosen. */
const READ_BYTES = 4096;

/**
 * Opens a port for us alone (a lock that others of this program's kind respect too). `onBytes` gets each chunk as it is read;
 * `onClosed` comes once, also when the driver gave the port up by itself. Rejects with a `SerialError`.
 */
export async function openPort(
  options: PortOptions,
  handlers: { readonly onBytes: (bytes: Uint8Array) => void; readonly onClosed: () => void },
): Promise<OpenPort> {
  const { path, baudRate, dataBits, parity, stopBits } = options;
  const port = new SerialPort({
    ...{ path, baudRate, dataBits, parity, stopBits, lock: true },
    ...{ autoOpen: false, highWaterMark: READ_BYTES },
  });
  const closed = Promise.withResolvers<void>();
  /** Of writes that the driver has not answered: of a port that closed under them it never does. */
  const unanswered = new Set<(error: SerialError) => void>();
  port.on('close', () => {
    for (const reject of unanswered) reject(new SerialError('closed', `${path} closed before it took the bytes`));
    closed.resolve();
  });
  // Each shows as the rejection of a write, as a failed opening, or as `close` too.
  port.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error === null ? resolve() : reject(SerialError.ofOpen(path, error))));
  });
  void closed.promise.then(handlers.onClosed);
  port.on('data', handlers.onBytes);

  function write(bytes: Uint8Array): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // The driver would keep the bytes for an opening that does not come.
    if (!port.isOpen) reject(new SerialError('closed', `${path} is not open`));
    else {
      unanswered.add(reject);
      port.write(Buffer.from(bytes), (error) => {
        unanswered.delete(reject);
        if (error === null || error === undefined) resolve();
        else reject(new SerialError('write-failed', `Cannot write to ${path}`, { cause: error }));
      });
    }
    return promise;
  }

  return {
    write,
    close: async () => {
      if (port.isOpen && !port.closing) port.close(() => closed.resolve());
      await closed.promise;
    },
  };
}
