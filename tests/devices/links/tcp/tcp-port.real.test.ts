import type { Socket } from 'node:net';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { LinkError } from '../../../../devices/links/link-error.ts';
import { DEFAULT_TCP_LIMITS } from '../../../../devices/links/tcp/limits.ts';
import { openTcpPort } from '../../../../devices/links/tcp/tcp-port.ts';
import { dial, openWorld, soon, type World } from './world.ts';

/** Lets it in and knows which it is. */
async function enter(world: World, from?: string): Promise<{ socket: Socket; seen: World['seen'][number] }> {
  const before = world.seen.length;
  const socket = await dial(world.tcp.port, from);
  const seen = await soon(() => world.seen[before], 'the connection to be let in');
  return { socket, seen };
}

/** Our side has ended: nothing more is read from it, whatever it still sends. */
function isEnded(socket: Socket): boolean {
  socket.resume();
  return socket.readableEnded || socket.destroyed;
}

test('what comes in pieces of any size is handed on in its order, a bounded piece at a time', async () => {
  const world = await openWorld();
  const { socket, seen } = await enter(world);
  const text = Array.from({ length: 20_000 }, (_, n) => `frame ${n}\n`).join('');
  socket.write(text);
  await soon(() => seen.text.length === text.length, 'all of it');
  expect(seen.text).toBe(text);
});

test('a connection with as much at the door as it may have is read on when there is room, and others meanwhile', async () => {
  const world = await openWorld({}, 4096);
  const { socket, seen } = await enter(world);
  const other = await enter(world);
  world.inFlight.take(seen.connection.account, 8192);
  socket.write('later\n');
  other.socket.write('now\n');
  await soon(() => other.seen.text === 'now\n', 'the other');
  expect(seen.text).toBe('');
  world.inFlight.give(seen.connection.account, 8192);
  await soon(() => seen.text === 'later\n', 'what waited');
});

test('over the bound the one that was quiet the longest makes room, and what it still sends is taken', async () => {
  const world = await openWorld({ connections: 2, lingerMs: 30_000 });
  const [first, second] = [await enter(world), await enter(world)];
  first.socket.write('alive\n');
  await soon(() => first.seen.text !== '', 'a sign of life');
  await enter(world);
  await soon(() => isEnded(second.socket), 'the quiet one to be cut');
  expect(isEnded(first.socket)).toBe(false);
  second.socket.write('a press on its way\n');
  await soon(() => second.seen.text === 'a press on its way\n', 'what it still said');
  expect(world.tcp.connections()).toBe(2);
  expect(world.counters).toEqual({ accepted: 3, refusedConnections: 0, cut: 1 });
});

test('one with an alarm at the door never makes room: the newcomer is refused and counted', async () => {
  const world = await openWorld({ connections: 1 });
  const { socket, seen } = await enter(world);
  world.inFlight.take(seen.connection.account, 100);
  const refused = await dial(world.tcp.port);
  await soon(() => isEnded(refused), 'the newcomer to be refused');
  expect(isEnded(socket)).toBe(false);
  expect(world.counters).toMatchObject({ accepted: 1, refusedConnections: 1, cut: 0 });
});

test('an address that has too many makes room by its own', async () => {
  const world = await openWorld({ connectionsPerAddress: 1 });
  const neighbour = await enter(world, '127.0.0.9');
  const first = await enter(world);
  await enter(world);
  await soon(() => isEnded(first.socket), 'the first of that address to be cut');
  expect(isEnded(neighbour.socket)).toBe(false);
  expect(world.tcp.connections()).toBe(2);
});

test('those that left and are still heard out are bounded', async () => {
  const world = await openWorld({ connections: 1, lingerMs: 30_000 });
  const sockets: Socket[] = [];
  for (let n = 0; n < 80; n += 1) sockets.push((await enter(world)).socket);
  await soon(() => sockets.filter((socket) => isEnded(socket)).length === 79, 'all but one to be cut');
  const gone = (): readonly Socket[] => sockets.filter(({ destroyed }) => destroyed);
  await soon(() => {
    // Who is not heard any more gets an error for what is written.
    for (const socket of sockets) if (!socket.destroyed) socket.write('x\n');
    return gone().length >= 80 - 64 - 1;
  }, 'the first to be gone');
  expect(gone()).toEqual(sockets.slice(0, 80 - 64 - 1));
});

test('nothing whole in time: cut, also when a byte comes now and then', async () => {
  const world = await openWorld({ firstFrameTimeoutMs: 300, lingerMs: 10 });
  const { socket } = await enter(world);
  const dripTimer = setInterval(() => socket.write('x'), 20);
  await soon(() => isEnded(socket), 'the slow one to be cut');
  clearInterval(dripTimer);
  expect(world.counters.cut).toBe(1);
});

test('idle: cut, but not while an alarm of it is at the door', async () => {
  const world = await openWorld({ idleTimeoutMs: 150, lingerMs: 10 });
  const [waits, idles] = [await enter(world), await enter(world)];
  world.inFlight.take(waits.seen.connection.account, 100);
  for (const { socket } of [waits, idles]) socket.write('hello\n');
  await soon(() => isEnded(idles.socket), 'the idle one to be cut');
  expect(isEnded(waits.socket)).toBe(false);
  world.inFlight.give(waits.seen.connection.account, 100);
  await soon(() => isEnded(waits.socket), 'the other to be cut too');
});

test('who does not read our answers is cut', async () => {
  const world = await openWorld({ outgoingBytesPerConnection: 1024, lingerMs: 10 });
  const { socket, seen } = await enter(world);
  socket.pause();
  // More than the buffers of both kernels hold.
  for (let n = 0; n < 32; n += 1) seen.connection.write(new Uint8Array(1024 * 1024));
  expect(world.counters.cut).toBe(1);
  await soon(() => world.tcp.connections() === 0, 'it to be gone');
});

test('who has said all it will say waits for its answer, then the connection ends', async () => {
  const world = await openWorld();
  const { socket, seen } = await enter(world);
  world.inFlight.take(seen.connection.account, 100);
  const heard: string[] = [];
  socket.on('data', (chunk: Buffer) => heard.push(chunk.toString()));
  socket.end('press\n');
  await soon(() => seen.hasEnded, 'its end');
  seen.connection.write(new TextEncoder().encode('kept'));
  await soon(() => heard.join('') === 'kept', 'the answer');
  expect(socket.readableEnded).toBe(false);
  world.inFlight.give(seen.connection.account, 100);
  await soon(() => socket.readableEnded, 'the end');
});

test('a number that is taken is told as port-in-use, and a host that is not ours as listen-failed', async () => {
  const { tcp } = await openWorld();
  const again = openAt('127.0.0.1', tcp.port);
  await expect(again).rejects.toBeInstanceOf(LinkError);
  await expect(again).rejects.toMatchObject({ code: 'port-in-use' });
  await expect(openAt('192.0.2.1', 0)).rejects.toMatchObject({ code: 'listen-failed' });
});

test('after refuse nobody new comes in while those inside go on; close ends them all', async () => {
  const world = await openWorld();
  const { socket, seen } = await enter(world);
  world.tcp.refuse();
  await expect(dial(world.tcp.port)).rejects.toThrow('ECONNREFUSED');
  socket.write('still here\n');
  await soon(() => seen.text === 'still here\n', 'the one inside');
  await world.tcp.close();
  await soon(() => isEnded(socket), 'its end');
});

async function openAt(host: string, port: number): Promise<unknown> {
  const { inFlight, counters } = await openWorld();
  return openTcpPort({
    ...{ host, port, name: 'test', limits: DEFAULT_TCP_LIMITS, inFlight, counters, logger: pino({ level: 'silent' }) },
    open: () => ({ take: () => undefined, end: () => undefined }),
  });
}
