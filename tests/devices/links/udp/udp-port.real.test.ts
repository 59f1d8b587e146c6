import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { InFlight } from '../../../../devices/links/in-flight.ts';
import { openUdpPort, type Datagram, type UdpPort } from '../../../../devices/links/udp/udp-port.ts';
import { until } from '../../../harness/until.ts';

type World = {
  readonly udp: UdpPort;
  readonly inFlight: InFlight;
  readonly counters: { datagrams: number; datagramsDropped: number };
  readonly taken: Datagram[];
};

async function openWorld(options: { address?: string; port?: number } = {}): Promise<World> {
  const counters = { datagrams: 0, datagramsDropped: 0 };
  const inFlight = new InFlight({ inFlightBytesPerConnection: 4096, inFlightBytes: 8192 });
  const taken: Datagram[] = [];
  const udp = await openUdpPort({
    ...{ address: '127.0.0.1', port: 0, name: 'test', inFlight, counters, logger: pino({ level: 'silent' }) },
    ...options,
    take: (datagram) => void taken.push(datagram),
  });
  onTestFinished(() => udp.close());
  return { udp, inFlight, counters, taken };
}

async function openPeer(type: 'udp4' | 'udp6' = 'udp4'): Promise<Socket> {
  const peer = createSocket(type);
  onTestFinished(() => void peer.close());
  peer.bind(0);
  await once(peer, 'listening');
  return peer;
}

function soon<T>(condition: () => T, what: string) {
  return until(condition, { timeoutMs: 30_000, what, everyMs: 2 });
}

test('a datagram is taken with who sent it, and its answer goes back there', async () => {
  const { udp, taken } = await openWorld();
  const peer = await openPeer();
  peer.send('hello', udp.port, '127.0.0.1');
  const datagram = await soon(() => taken[0], 'the datagram');
  expect(Buffer.from(datagram.bytes).toString()).toBe('hello');
  expect(datagram.peer).toBe(`127.0.0.1:${peer.address().port}`);
  const answer = once(peer, 'message') as Promise<[Buffer]>;
  datagram.answer(new TextEncoder().encode('kept'));
  expect((await answer)[0].toString()).toBe('kept');
});

test('a peer with as much at the door as it may have is heard no further, one that has nothing there always is', async () => {
  const { udp, inFlight, counters, taken } = await openWorld();
  const [floods, presses] = [await openPeer(), await openPeer()];
  floods.send('1', udp.port, '127.0.0.1');
  const first = await soon(() => taken[0], 'the first');
  inFlight.take(first.account, 100_000);
  floods.send('2', udp.port, '127.0.0.1');
  await soon(() => counters.datagramsDropped === 1, 'the second to be dropped');
  presses.send('press', udp.port, '127.0.0.1');
  await soon(() => taken.length === 2, 'the press');
  inFlight.give(first.account, 100_000);
  floods.send('2', udp.port, '127.0.0.1');
  await soon(() => taken.length === 3, 'the second, sent again');
  expect(taken.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['1', 'press', '2']);
});

test('a number that is taken is told as port-in-use', async () => {
  const { udp } = await openWorld();
  await expect(openWorld({ port: udp.port })).rejects.toMatchObject({ code: 'port-in-use' });
});

const hasIpv6 = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === '::1'));

test.skipIf(!hasIpv6)('an IPv6 address is listened on as such', async () => {
  const { udp, taken } = await openWorld({ address: '::1' });
  const peer = await openPeer('udp6');
  peer.send('hello', udp.port, '::1');
  await soon(() => taken.length === 1, 'the datagram');
});

test('after refuse nothing more is taken and answers still go out; close twice is once', async () => {
  const { udp, taken } = await openWorld();
  const peer = await openPeer();
  peer.send('1', udp.port, '127.0.0.1');
  const first = await soon(() => taken[0], 'the first');
  udp.refuse();
  peer.send('2', udp.port, '127.0.0.1');
  const answer = once(peer, 'message');
  first.answer(new Uint8Array([1]));
  await answer;
  expect(taken).toHaveLength(1);
  await Promise.all([udp.close(), udp.close()]);
  first.answer(new Uint8Array([1]));
});
