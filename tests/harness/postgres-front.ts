import { once } from 'node:events';
import net from 'node:net';

/** Bytes of the client to the only session of a database in this process, and its answer. Never two at a time. */
type Session = (messages: Uint8Array) => Promise<Uint8Array>;

const SSL_REQUEST = 80_877_103;
const CANCEL_REQUEST = 80_877_102;
/** AuthenticationOk, and ReadyForQuery in no transaction. */
const WELCOME = Buffer.concat([frame('R', Buffer.alloc(4)), frame('Z', Buffer.from('I'))]);
/** CopyInResponse: binary or not, the client does not look. */
const COPY_BEGINS = frame('G', Buffer.from([0, 0, 0]));
/** After one of these the server answers; what comes before is gathered. */
const ENDS = new Set(['Q', 'S', 'c', 'f']);

/**
 * A database in this process behind a port, as `pg` talks to a server. There is one session: whoever begins a transaction has
 * it until the end of that, and the others wait. What a client sets and does not end with the transaction, the others see.
 */
export async function openFront(session: Session): Promise<{ readonly port: number; readonly close: () => void }> {
  const sockets = new Set<net.Socket>();
  let turn = Promise.resolve();

  /** Waits until nobody has the session; answers how to give it back. */
  async function take(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = turn;
    turn = promise;
    await before;
    return resolve;
  }

  async function serve(socket: net.Socket): Promise<void> {
    let release: (() => void) | null = null;
    let waiting: Buffer[] = [];
    let isCopying = false;
    try {
      for await (const message of splitMessages(socket)) {
        const type = String.fromCharCode(message[0] ?? 0);
        if (type === 'X') break;
        release ??= await take();
        waiting.push(message);
        if (type === 'Q' && /^\s*copy\b.*\bfrom\s+stdin\b/is.test(message.toString('utf8', 5))) {
          // The session takes all of a COPY in one piece, so its beginning is told before it begins.
          isCopying = true;
          socket.write(COPY_BEGINS);
          continue;
        }
        if (!ENDS.has(type)) continue;
        const answer = Buffer.from(await session(Buffer.concat(waiting)));
        const isBegun = isCopying && answer[0] === COPY_BEGINS[0];
        socket.write(isBegun ? answer.subarray(1 + answer.readInt32BE(1)) : answer);
        waiting = [];
        isCopying = false;
        if (!answer.subarray(-6).equals(WELCOME.subarray(-6))) continue;
        release();
        release = null;
      }
      if (release !== null) await session(frame('Q', Buffer.from('rollback\0')));
    } finally {
      release?.();
      socket.destroy();
    }
  }

  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    void serve(socket).catch((error: unknown) => socket.destroy(error instanceof Error ? error : undefined));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The front listens on no port');
  return {
    port: address.port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The client's messages, each with its type and length; the welcome at the beginning is given here. */
async function* splitMessages(socket: net.Socket): AsyncGenerator<Buffer> {
  let bytes = Buffer.alloc(0);
  let isWelcome = false;
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    for (;;) {
      const head = isWelcome ? 1 : 0;
      if (bytes.length < head + 4) break;
      const size = head + bytes.readInt32BE(head);
      if (bytes.length < size) break;
      const message = bytes.subarray(0, size);
      bytes = bytes.subarray(size);
      if (isWelcome) {
        yield message;
        continue;
      }
      const code = message.readInt32BE(4);
      if (code === CANCEL_REQUEST) return;
      isWelcome = code !== SSL_REQUEST;
      socket.write(isWelcome ? WELCOME : 'N');
    }
  }
}

function frame(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}
