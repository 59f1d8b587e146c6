import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const MAX_TRIES = 100;

/** The first port from `wanted` on that nobody listens on at this address, over TCP and, where `isForBoth`, over UDP. */
export async function findFreePort(host: string, wanted: number, isForBoth = false): Promise<number> {
  for (let port = wanted; port < wanted + MAX_TRIES && port <= 65_535; port += 1) {
    if ((await isFree(host, port)) && (!isForBoth || (await isFreeOverUdp(host, port)))) return port;
  }
  throw new Error(`no free port from ${wanted} on`);
}

function isFree(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const probe = createServer();
  probe.once('error', () => resolve(false));
  probe.listen(port, host, () => probe.close(() => resolve(true)));
  return promise;
}

function isFreeOverUdp(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const probe = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  probe.once('error', () => {
    probe.close();
    resolve(false);
  });
  probe.bind(port, host, () => probe.close(() => resolve(true)));
  return promise;
}
