import { expect } from 'vitest';
import { formatSignature } from '../../../gateway/notify/signature.ts';
import { startReceiver, type Receiver } from '../../harness/receiver.ts';
import { until } from '../../harness/until.ts';
import type { Planted } from './planted.ts';
import type { Scene } from './planted-scene.ts';

export type PlantedWebhook = { readonly receiver: Receiver; readonly env: Readonly<Record<string, string>> };

/** A receiver whose address, secret and answers are planted; it refuses, sends elsewhere and cuts before it takes anything. */
export async function plantWebhook(planted: Planted): Promise<PlantedWebhook> {
  const [refusal, elsewhere, reason] = ['refusal', 'elsewhere', 'reason'].map((field) =>
    planted.word(`webhook.${field}`),
  );
  const receiver = await startReceiver(({ n }, response) => {
    if (n === 0) response.writeHead(500, reason, { 'x-why': refusal ?? '' }).end(refusal);
    else if (n === 1) response.writeHead(302, { location: `http://127.0.0.1:1/${elsewhere}` }).end();
    else if (n === 2) response.destroy();
    else response.writeHead(200).end(JSON.stringify({ receipt: refusal }));
  });
  const secret = planted.word('webhook.secret');
  const url = `${receiver.url}/${planted.word('webhook.path')}?token=${planted.word('webhook.query')}`;
  return { receiver, env: { ZHUJI_WEBHOOK_URL: url, ZHUJI_WEBHOOK_SECRET: secret } };
}

/** What comes back from it: a receipt that counts, and others that do not. */
export async function sendReceipts({ gateway, planted, answered }: Scene, webhook: PlantedWebhook): Promise<void> {
  const { receiver, env } = webhook;
  await until(() => receiver.requests.length > 3, { timeoutMs: 30_000, what: 'a notice that was taken' });
  const id = String(receiver.requests.at(-1)?.headers['x-zhuji-id']);
  const send = async (body: string, path = `/notifications/${id}/receipt`): Promise<number> => {
    const signature = formatSignature(env['ZHUJI_WEBHOOK_SECRET'] ?? '', Math.floor(Date.now() / 1000), body);
    const headers = { 'content-type': 'application/json', 'x-zhuji-signature': signature };
    return (await fetch(`${gateway.httpUrl}/api/v1${path}`, { method: 'POST', headers, body })).status;
  };
  const receipt = JSON.stringify({ id, receipt: 'read' });
  await until(async () => (await send(receipt)) === 200, { timeoutMs: 30_000, what: 'the receipt' });
  answered.push('POST /api/v1/notifications/x/receipt');
  expect(await send(JSON.stringify({ id, receipt: planted.text('receipt.kind') }))).toBe(400);
  expect(await send(JSON.stringify({ id, receipt: 'read', code: planted.text('receipt.code') }))).toBe(400);
  expect(await send(`{"${planted.text('receipt.half')}`)).toBe(400);
  const stranger = planted.word('receipt.id');
  const body = JSON.stringify({ id: stranger, receipt: 'read' });
  expect(await send(body, `/notifications/${stranger}/receipt`)).toBe(404);
}
