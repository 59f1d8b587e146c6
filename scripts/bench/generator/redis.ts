import { connect } from 'node:net';
import { pace } from './pacer.ts';

/** XADD by hand over a socket, one at a time: the least that a durable alarm could cost. */
export async function measureXadd(ask: {
  readonly port: number;
  readonly forMs: number;
  readonly perS: number;
  readonly bytes: number;
}): Promise<{ latenciesMs: number[]; lags: number[] }> {
  const socket = connect({ port: ask.port, host: '127.0.0.1', noDelay: true });
  const payload = 'x'.repeat(ask.bytes);
  const command = encode(['XADD', 'bench', '*', 'event', payload]);
  const due: number[] = [];
  const latenciesMs: number[] = [];
  let isUnderWay = false;
  const next = (): void => {
    if (isUnderWay || due.length === 0) return;
    isUnderWay = true;
    socket.write(command);
  };
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    // `$15\r\n<id>\r\n`: one answer to one command.
    if (!/^\$\d+\r\n.+\r\n$/.test(text)) return;
    text = '';
    isUnderWay = false;
    latenciesMs.push(performance.now() - (due.shift() ?? 0));
    next();
  });
  const lags = await pace(ask.perS, ask.forMs, (_, dueMs) => {
    due.push(dueMs);
    next();
  });
  while (due.length > 0) await new Promise((resolve) => setImmediate(resolve));
  socket.destroy();
  return { latenciesMs, lags };
}

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}
