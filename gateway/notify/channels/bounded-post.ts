import { lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { PLACES } from '../queue.ts';

/** What is read of an answer. Chosen. */
const ANSWER_LIMIT = 64 * 1024;

export type PostAnswer = {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Null where it was cut, too long or not finished in time: the status says all the same what became of the request. */
  readonly body: string | null;
};

/** Sends POST requests to one address. Rejects with the connection's error; `signal` ends it at any point. */
export type Poster = {
  readonly post: (
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
    signal: AbortSignal,
  ) => Promise<PostAnswer>;
  readonly stop: () => void;
};

/**
 * Nothing of the other side is believed beyond a bound: redirects are not followed, an answer is read up to its limit, its
 * certificate is verified whatever the environment says.
 */
export function createPoster(url: URL): Poster {
  const isTls = url.protocol === 'https:';
  const settings = { keepAlive: true, maxSockets: PLACES, lookup: shareLookups() };
  const agent = isTls ? new https.Agent({ ...settings, rejectUnauthorized: true }) : new http.Agent(settings);
  const request = isTls ? https.request : http.request;

  return {
    post: (headers, body, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<PostAnswer>();
      const sent = request(url, {
        agent,
        method: 'POST',
        headers: { ...headers, 'content-length': String(body.byteLength) },
        signal,
      });
      let isAnswered = false;
      // After the status it is the answer's body that fails, and that is judged there.
      sent.on('error', (error) => {
        if (!isAnswered) reject(error);
      });
      sent.on('response', (answer) => {
        isAnswered = true;
        readBounded(answer).then(
          (text) => resolve({ status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'], body: text }),
          reject,
        );
      });
      sent.end(body);
      return promise;
    },
    stop: () => agent.destroy(),
  };
}

async function readBounded(answer: http.IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > ANSWER_LIMIT) {
        answer.destroy();
        return null;
      }
      chunks.push(chunk);
    }
  } catch {
    // Cut, or out of time: the status came before.
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * One question for a name at a time, however many connections are made: each holds one of the few threads that the whole
 * process has for its files, for as long as a dead name server pleases.
 */
function shareLookups(): LookupFunction {
  const asked = new Map<string, Parameters<LookupFunction>[2][]>();
  return (hostname, options, callback) => {
    const key = `${hostname} ${JSON.stringify(options)}`;
    const others = asked.get(key);
    if (others !== undefined) {
      others.push(callback);
      return;
    }
    const waiting = [callback];
    asked.set(key, waiting);
    lookup(hostname, options, (error, address, family) => {
      asked.delete(key);
      for (const answer of waiting) answer(error, address, family);
    });
  };
}
