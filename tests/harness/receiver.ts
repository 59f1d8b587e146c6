import http, { type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterwards } from './cleanup.ts';

export type Received = {
  /** In order of coming, from 0. */
  readonly n: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly atMs: number;
};

/** Answers a request, or not; `request.n` counts them. */
export type Answering = (request: Received, response: ServerResponse) => void;

export const taken: Answering = (_request, response) => void response.writeHead(200).end('{}');

export type Receiver = { url: string; readonly requests: Received[]; answer: Answering; readonly stop: () => void };

/** Who gets the notices of a gateway: a real HTTP server on a free port, until the test ends. `answer` may be changed. */
export async function startReceiver(
  answer: Answering = taken,
  tls?: { readonly cert: string; readonly key: string },
): Promise<Receiver> {
  const requests: Received[] = [];
  const handle: http.RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const { url: path = '', headers } = request;
      const received = { n: requests.length, path, headers, body: Buffer.concat(chunks).toString(), atMs: Date.now() };
      requests.push(received);
      receiver.answer(received, response);
    });
  };
  const server = tls === undefined ? http.createServer(handle) : https.createServer(tls, handle);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  afterwards(stop);
  const scheme = tls === undefined ? 'http' : 'https';
  const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const receiver = { url, requests, answer, stop };
  return receiver;
}
