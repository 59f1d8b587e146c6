import { connect, createServer, type Socket } from 'node:net';
import { afterwards } from './cleanup.ts';

/**
 * What becomes of the bytes of a line.
 * - `whole`: they pass
 * - `cut`: connections are reset, new ones too
 * - `stalled`: nothing passes, nothing is lost: they pass later
 * - `swallowed`: connections of now and of meanwhile are dead for ever and nobody is told; only those made later are whole
 */
export type WireState = 'whole' | 'cut' | 'stalled' | 'swallowed';

export type Wire = {
  /** The URL given, by way of this line. */
  readonly url: string;
  readonly set: (state: WireState) => void;
};

/** Where a URL says none. */
const POSTGRES_PORT = 5432;

type Line = { readonly near: Socket; readonly far: Socket };

/** A line to a Redis or a PostgreSQL that can be spoilt for whoever uses it alone. It ends with the test. */
export async function openWire(targetUrl: string): Promise<Wire> {
  const { host, port: targetPort } = readTarget(targetUrl);
  const lines = new Set<Line>();
  const dead = new WeakSet<Line>();
  let state: WireState = 'whole';

  function join(line: Line): void {
    const ends = [
      [line.near, line.far],
      [line.far, line.near],
    ] as const;
    for (const [from, to] of ends) {
      from.on('data', (chunk: Buffer) => {
        if (!dead.has(line)) to.write(chunk);
      });
      // A reset shows as `close` too.
      from.on('error', () => undefined);
      from.on('close', () => {
        // Of a dead line the other end hears nothing, not even this.
        if (!dead.has(line)) end(line);
      });
    }
  }

  function end(line: Line): void {
    lines.delete(line);
    line.near.destroy();
    line.far.destroy();
  }

  function set(next: WireState): void {
    state = next;
    for (const line of lines) {
      if (next === 'cut') {
        line.near.resetAndDestroy();
        line.far.destroy();
        lines.delete(line);
      }
      if (next === 'swallowed') dead.add(line);
      for (const side of [line.near, line.far]) {
        if (next === 'stalled') side.pause();
        else side.resume();
      }
    }
  }

  const server = createServer((near) => {
    if (state === 'cut') {
      near.on('error', () => undefined);
      near.resetAndDestroy();
      return;
    }
    const far = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${targetPort}`) : connect(targetPort, host);
    const line = { near, far };
    lines.add(line);
    if (state === 'swallowed') dead.add(line);
    join(line);
    if (state === 'stalled') for (const side of [line.near, line.far]) side.pause();
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  afterwards(() => {
    server.close();
    for (const line of lines) end(line);
  });
  const url = new URL(targetUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return { url: url.href, set };
}

/** A host that is a folder means the socket of the PostgreSQL in it. */
function readTarget(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  const host = decodeURIComponent(hostname);
  return { host, port: port === '' ? POSTGRES_PORT : Number(port) };
}
