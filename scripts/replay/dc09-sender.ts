import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { decodeDc09 } from '../../protocols/sia-dc09/decode.ts';
import { Dc09Framer } from '../../protocols/sia-dc09/framer.ts';
import { AnswerWait, type Sender } from './sender.ts';

/** Over one connection, and another where the gateway has closed it. */
export function createTcpSender({ host, port }: { readonly host: string; readonly port: number }): Sender {
  const wait = new AnswerWait();
  let open: Socket | null = null;

  async function connection(): Promise<Socket> {
    if (open !== null && open.writable) return open;
    const socket = connect(port, host);
    const framer = new Dc09Framer();
    socket.on('data', (bytes) => {
      for (const piece of framer.push(bytes)) if (piece.kind === 'frame') wait.answered(tokenOf(piece.bytes));
    });
    await once(socket, 'connect');
    // What breaks later shows as an answer that does not come.
    socket.on('error', () => socket.destroy());
    open = socket;
    return socket;
  }

  return {
    send: async ({ bytes }) => {
      const socket = await connection();
      const answer = wait.next();
      socket.write(bytes);
      return answer;
    },
    close: async () => {
      open?.destroy();
    },
  };
}

/** A datagram for each frame. */
export function createUdpSender({ host, port }: { readonly host: string; readonly port: number }): Sender {
  const wait = new AnswerWait();
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (bytes) => wait.answered(tokenOf(bytes)));
  // A port where nobody listens: no answer comes.
  socket.on('error', () => undefined);
  return {
    send: async ({ bytes }) => {
      const answer = wait.next();
      socket.send(bytes, port, host);
      return answer;
    },
    close: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

function tokenOf(frame: Uint8Array): string {
  const decoded = decodeDc09(frame);
  return decoded.ok ? decoded.message.token : decoded.reason;
}
