import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../../gateway/clock.ts';
import { createWebhook } from '../../../../gateway/notify/channels/webhook.ts';
import type { Notice } from '../../../../gateway/notify/notice.ts';
import { checkSignature } from '../../../../gateway/notify/signature.ts';
import { afterwards } from '../../../harness/cleanup.ts';
import { startReceiver, type Answering } from '../../../harness/receiver.ts';

const SECRET = 'a secret of sixteen or more';
const notice: Notice = {
  id: 'inc-1:3:user:u1',
  at: '2026-11-21T02:13:00.000Z',
  reason: 'step',
  step: 'duty-helpers',
  to: { kind: 'user', id: 'u1', name: '李', username: 'li' },
  incident: {
    ...{ id: 'inc-1', type: 'sos', types: ['sos'], priority: 1, region: null, presses: 1, state: 'open' },
    openedAt: '2026-11-21T02:12:00.000Z',
  },
  resident: { name: '王' },
  text: 'x',
};

function webhook(url: string, answerWithinMs = 5000) {
  const directory = () => ({
    user: (id: string) =>
      id === 'u1' ? { ...{ id, username: 'li', name: '李', epoch: 1 }, roles: [], regions: [] } : undefined,
  });
  const channel = createWebhook({ url, secret: SECRET, directory, clock: systemClock, answerWithinMs });
  afterwards(channel.stop);
  return channel;
}

async function sendTo(answer: Answering, answerWithinMs = 5000) {
  const receiver = await startReceiver(answer);
  const result = await webhook(receiver.url, answerWithinMs).send(notice, new AbortController().signal);
  return { result, receiver };
}

const failed = { kind: 'failed', isPermanent: false, isChannelFault: true, retryAfterMs: null } as const;

afterEach(() => {
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
});

test('a notice arrives whole, signed, under its id, and 2xx means taken', async () => {
  const { result, receiver } = await sendTo((_request, response) => void response.writeHead(204).end());
  expect(result).toEqual({ kind: 'sent', code: '204', receipt: null });
  const [request] = receiver.requests;
  expect(JSON.parse(request?.body ?? '')).toEqual(notice);
  expect(request?.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'x-zhuji-id': notice.id,
  });
  const signature = String(request?.headers['x-zhuji-signature']);
  expect(checkSignature(SECRET, signature, request?.body ?? '', Math.floor(Date.now() / 1000))).toBeNull();
});

test.each([
  ['{"receipt":"delivered"}', 'delivered'],
  ['{"receipt":"read","x":1}', 'read'],
  ['{"receipt":"+8613900000000"}', null],
  ['{"receipt":7}', null],
  ['null', null],
  ['no JSON', null],
])('an answer of %s tells the receipt %s', async (body, receipt) => {
  const { result } = await sendTo((_request, response) => void response.writeHead(200).end(body));
  expect(result).toEqual({ kind: 'sent', code: '200', receipt });
});

test.each([
  [500, false, true],
  [503, false, true],
  [408, false, true],
  [429, false, true],
  [400, true, false],
  [422, true, false],
  [413, true, false],
  [401, false, true],
  [403, false, true],
  [404, false, true],
  [405, false, true],
  [410, false, true],
])('status %i: for good %s, about the channel %s', async (status, isPermanent, isChannelFault) => {
  const { result } = await sendTo((_request, response) => void response.writeHead(status).end());
  expect(result).toEqual({ kind: 'failed', code: String(status), isPermanent, isChannelFault, retryAfterMs: null });
});

test('how long to wait is taken from the answer', async () => {
  const { result } = await sendTo((_request, response) => void response.writeHead(429, { 'retry-after': '7' }).end());
  expect(result).toMatchObject({ kind: 'failed', retryAfterMs: 7000 });
});

test('a redirect is not followed', async () => {
  const elsewhere = await startReceiver();
  const { result } = await sendTo(
    (_request, response) => void response.writeHead(307, { location: elsewhere.url }).end(),
  );
  expect(result).toEqual({ ...failed, code: '307' });
  expect(elsewhere.requests).toEqual([]);
});

test('whoever never answers is given up in time', async () => {
  const begun = performance.now();
  const { result } = await sendTo(() => undefined, 300);
  expect(result).toEqual({ ...failed, code: 'no-answer' });
  expect(performance.now() - begun).toBeLessThan(10_000);
});

test('a connection that is cut before an answer is a failure, after the status it is none', async () => {
  expect((await sendTo((_request, response) => void response.destroy())).result).toEqual({
    ...failed,
    code: 'ECONNRESET',
  });
  const { result } = await sendTo((_request, response) => {
    response.writeHead(200, { 'content-length': '100' }).flushHeaders();
    setTimeout(() => response.destroy(), 20);
  });
  expect(result).toEqual({ kind: 'sent', code: '200', receipt: null });
});

test('an answer that trickles without end is read until the time is over, and no further', async () => {
  const { result } = await sendTo((_request, response) => {
    response.writeHead(200);
    const trickle = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(trickle));
  }, 300);
  expect(result).toEqual({ kind: 'sent', code: '200', receipt: null });
});

test('of an endless answer only the first part is read', async () => {
  let written = 0;
  const { result } = await sendTo((_request, response) => {
    response.writeHead(200);
    const flood = (): void => {
      while (response.writable && written < 200_000_000) {
        written += 65_536;
        if (!response.write(Buffer.alloc(65_536, 120))) return void response.once('drain', flood);
      }
    };
    flood();
  });
  expect(result).toEqual({ kind: 'sent', code: '200', receipt: null });
  await delay(50);
  expect(written).toBeLessThan(20_000_000);
});

test('nobody there, and a header without end, are failures with a code', async () => {
  const { receiver } = await sendTo((_request, response) => void response.end());
  receiver.stop();
  await delay(20);
  const result = await webhook(receiver.url).send(notice, new AbortController().signal);
  expect(result).toEqual({ ...failed, code: 'ECONNREFUSED' });
  const huge = await sendTo(
    (_request, response) => void response.writeHead(200, { 'x-long': 'x'.repeat(100_000) }).end(),
  );
  expect(huge.result).toEqual({ ...failed, code: 'HPE_HEADER_OVERFLOW' });
});

test('a certificate that nobody vouches for is refused, also where the environment says otherwise', async () => {
  const folder = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'tls');
  const [cert, key] = await Promise.all(
    ['localhost.cert.pem', 'localhost.key.pem'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  const receiver = await startReceiver(undefined, { cert: cert ?? '', key: key ?? '' });
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  const result = await webhook(receiver.url).send(notice, new AbortController().signal);
  expect(result).toMatchObject({ kind: 'failed', isPermanent: false, isChannelFault: true });
  expect(receiver.requests).toEqual([]);
});

test('a stop ends what is under way', async () => {
  const receiver = await startReceiver(() => undefined);
  const stop = new AbortController();
  const sending = webhook(receiver.url).send(notice, stop.signal);
  setTimeout(() => stop.abort(), 50);
  expect(await sending).toMatchObject({ kind: 'failed' });
});

test('users of the register can be reached, others cannot', () => {
  const { canReach } = webhook('http://127.0.0.1:1/');
  expect([canReach({ kind: 'user', id: 'u1' }), canReach({ kind: 'user', id: 'u2' })]).toEqual([true, false]);
});
