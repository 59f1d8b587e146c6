import { Duplex } from 'node:stream';
import { generate } from 'mqtt-packet';
import { afterEach, expect, test, vi } from 'vitest';
import { BoundedStream, type CutReason } from '../../../../devices/links/mqtt/bounded-stream.ts';

/** A peer whose receiving window is closed: no write is ever finished. */
class StuckSocket extends Duplex {
  override _read(): void {}
  override _write(): void {}
  override _writev(): void {}

  destroySoon(): void {
    this.end();
  }
}

afterEach(() => void vi.useRealTimers());

function open(mayRead = () => true, takeAside: (packet: Buffer) => boolean = () => false) {
  const socket = new StuckSocket();
  const cuts: CutReason[] = [];
  let asked = 0;
  const stream = new BoundedStream(socket, {
    outgoingBytes: 64 * 1024,
    packetTimeoutMs: 1000,
    mayRead,
    owesAck: () => false,
    whenRoom: () => void (asked += 1),
    onCut: (reason) => void cuts.push(reason),
    onPayloadCut: () => undefined,
    takeAside,
    later: setImmediate,
  });
  stream.start();
  return { socket, stream, cuts, asked: () => asked };
}

const connect = generate({
  cmd: 'connect',
  protocolId: 'MQTT',
  protocolVersion: 4,
  clientId: 'c',
  clean: true,
  keepalive: 0,
});
const ping = generate({ cmd: 'pingreq' });
const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
};

test('two-byte answers that nobody reads end the connection by their number, not by their bytes', async () => {
  const { socket, stream, cuts } = open();
  let sent = 0;
  while (!socket.destroyed && sent < 100_000) {
    stream.write(Buffer.of(0xd0, 0));
    sent += 1;
  }
  await turns();
  expect(cuts).toEqual(['not-reading']);
  expect(sent).toBeLessThan(1000);
  expect(socket.destroyed).toBe(true);
});

test('one packet is handed over for each time that one is asked for, so none hides behind another', async () => {
  const { socket, stream } = open();
  const packets: Buffer[] = [];
  // As the broker reads: once for each `readable`.
  stream.on('readable', () => {
    const packet = stream.read() as Buffer | null;
    if (packet !== null) packets.push(packet);
  });
  socket.push(Buffer.concat([connect, ping, ping, ping]));
  await turns();
  expect(packets).toEqual([connect]);
  stream.open();
  await turns();
  expect(packets).toEqual([connect, ping, ping, ping]);
});

test('what goes past the broker is taken within the turn of its connection too, in its order among the rest', async () => {
  const aside: number[] = [];
  const { socket, stream } = open(undefined, (packet) => {
    if (packet.length === ping.length) return false;
    aside.push(packet.readUInt16BE(5));
    return true;
  });
  const seen: number[] = [];
  stream.on('readable', () => {
    if (stream.read() !== null) seen.push(aside.length);
  });
  const numbered = (n: number) =>
    generate({ cmd: 'publish', topic: 'v', messageId: n, qos: 1, dup: false, retain: false, payload: '' });
  socket.push(connect);
  await turns();
  stream.open();
  await turns();
  const vitals = Array.from({ length: 100 }, (_, n) => numbered(n + 1));
  socket.push(Buffer.concat([...vitals.slice(0, 50), ping, ...vitals.slice(50)]));
  const most: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    const before = aside.length;
    await new Promise((resolve) => setImmediate(resolve));
    most.push(aside.length - before);
  }
  expect(aside).toEqual(vitals.map((_, n) => n + 1));
  expect(seen).toEqual([0, 50]);
  // Two turns of ours may lie between two looks of the test.
  expect(Math.max(...most)).toBeLessThanOrEqual(32);
});

test('while there is no room at the door nothing is read, and the socket is told to wait', async () => {
  let mayRead = true;
  const { socket, stream, asked } = open(() => mayRead);
  const packets: Buffer[] = [];
  stream.on('readable', () => {
    const packet = stream.read() as Buffer | null;
    if (packet !== null) packets.push(packet);
  });
  socket.push(connect);
  await turns();
  stream.open();
  mayRead = false;
  socket.push(Buffer.concat([ping, ping]));
  await turns();
  expect(packets).toHaveLength(1);
  expect(socket.isPaused()).toBe(true);
  expect(asked()).toBeGreaterThan(0);
  mayRead = true;
  stream.resumeReading();
  await turns();
  expect(packets).toHaveLength(3);
  expect(socket.isPaused()).toBe(false);
});

test('anything before CONNECT ends the connection', async () => {
  const { socket, stream, cuts } = open();
  stream.on('readable', () => stream.read());
  socket.push(ping);
  await turns();
  expect(cuts).toEqual(['no-connect']);
});

test('who has much to say lets the others have their turn, and loses nothing by it', async () => {
  const { socket, stream } = open();
  const packets: Buffer[] = [];
  stream.on('readable', () => {
    const packet = stream.read() as Buffer | null;
    if (packet !== null) packets.push(packet);
  });
  socket.push(connect);
  await turns();
  stream.open();
  const many = Array.from({ length: 1000 }, () => ping);
  socket.push(Buffer.concat(many));
  const perTurn: number[] = [];
  while (packets.length < 1001 && perTurn.length < 1000) {
    const before = packets.length;
    await new Promise((resolve) => setImmediate(resolve));
    perTurn.push(packets.length - before);
  }
  expect(packets).toEqual([connect, ...many]);
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(32);
});

test.each(['displaced', 'revoked', 'too-many', 'not-reading', 'slow-packet', 'refused', 'stopped'] as const)(
  '%s, what the peer had sent by then is passed on before the end',
  async (reason) => {
    let mayRead = true;
    const { socket, stream, cuts } = open(() => mayRead);
    const packets: Buffer[] = [];
    stream.on('readable', () => {
      const packet = stream.read() as Buffer | null;
      if (packet !== null) packets.push(packet);
    });
    stream.on('end', () => stream.destroy());
    socket.push(connect);
    await turns();
    stream.open();
    mayRead = false;
    socket.push(Buffer.concat([ping, ping]));
    await turns();
    // The socket waits by now: this one has not been taken from it.
    socket.push(ping);
    stream.cut(reason);
    stream.cut(reason);
    expect(socket.destroyed).toBe(true);
    await turns();
    expect(packets).toHaveLength(1);
    mayRead = true;
    stream.resumeReading();
    await turns();
    expect(packets).toEqual([connect, ping, ping, ping]);
    expect(stream.destroyed).toBe(true);
    expect(cuts).toEqual([reason]);
  },
);

test('a peer that keeps its word is heard also where the broker hears nothing of it, and one that does not is cut', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { socket, stream, cuts } = open(undefined, () => true);
  stream.on('readable', () => stream.read());
  socket.emit('data', connect);
  await turns();
  stream.keepAlive(60);
  stream.open();
  for (let n = 0; n < 5; n += 1) {
    vi.advanceTimersByTime(89_000);
    socket.emit('data', ping);
  }
  expect(cuts).toEqual([]);
  vi.advanceTimersByTime(90_000);
  expect(cuts).toEqual(['silent']);
});

test('who is not read is not taken for silent', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { socket, stream, cuts } = open(() => false);
  stream.keepAlive(60);
  socket.pause();
  vi.advanceTimersByTime(1_000_000);
  expect(cuts).toEqual([]);
  socket.resume();
  vi.advanceTimersByTime(90_000);
  expect(cuts).toEqual(['silent']);
});
