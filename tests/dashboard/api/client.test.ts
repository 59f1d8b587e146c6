import { expect, test } from 'vitest';
import { createApi } from '../../../dashboard/api/client.ts';
import { settle } from '../manual-timers.ts';

type Seen = { path: string; init: RequestInit };

function apiAnswering(answer: () => Promise<Response>, csrf: string | null = 'token-1') {
  const seen: Seen[] = [];
  let lost = 0;
  const api = createApi({
    fetch: (path, init) => {
      seen.push({ path, init });
      return answer();
    },
    csrf: () => csrf,
    lostSession: () => {
      lost += 1;
    },
  });
  return { api, seen, lost: () => lost };
}

const json =
  (status: number, body: unknown): (() => Promise<Response>) =>
  () =>
    Promise.resolve(new Response(JSON.stringify(body), { status }));

test('a write carries the token of the session and the key of the intent', async () => {
  const { api, seen } = apiAnswering(json(200, {}));
  await api.act('inc/1', 'note', { text: 'she speaks' }, 'key-1');
  expect(seen[0]?.path).toBe('/api/v1/incidents/inc%2F1/note');
  expect(seen[0]?.init.headers).toMatchObject({ 'x-csrf': 'token-1', 'idempotency-key': 'key-1' });
  expect(seen[0]?.init.body).toBe('{"text":"she speaks"}');
});

test('a refusal keeps its code, its faults and the incident as it is now', async () => {
  const incident = { id: 'inc-1', owner: { id: 'u2', name: 'Zhao' } };
  const { api } = apiAnswering(json(409, { code: 'claimed-by-other', status: 409, incident }));
  const result = await api.act('inc-1', 'claim', {}, 'k');
  expect(result).toMatchObject({
    ok: false,
    failure: { code: 'claimed-by-other', incident: { owner: { name: 'Zhao' } } },
  });
});

test('an answer that never comes is a value, not an exception', async () => {
  const { api } = apiAnswering(() => Promise.reject(new TypeError('failed')));
  expect(await api.get('/incidents')).toMatchObject({ ok: false, failure: { code: 'network' } });
});

test("a proxy's page is no answer of ours, even with status 200", async () => {
  const { api } = apiAnswering(() => Promise.resolve(new Response('<html>', { status: 200 })));
  expect(await api.get('/incidents')).toMatchObject({ ok: false, failure: { code: 'unexpected' } });
});

test('an empty answer is a success', async () => {
  const { api } = apiAnswering(() => Promise.resolve(new Response(null, { status: 204 })));
  expect(await api.send('DELETE', '/session')).toEqual({ ok: true, value: null });
});

test('a lost session is told once for each refusal, also without a body', async () => {
  const { api, lost } = apiAnswering(() => Promise.resolve(new Response('', { status: 401 })));
  expect(await api.get('/incidents')).toMatchObject({ ok: false, failure: { code: 'unauthenticated' } });
  expect(lost()).toBe(1);
});

test('what a person does is known while it is under way; reads and receipts are not', async () => {
  const answers: (() => void)[] = [];
  const { api } = apiAnswering(
    () => new Promise((resolve) => answers.push(() => resolve(new Response('{}', { status: 200 })))),
  );
  let isIdle = false;
  const look = async (): Promise<boolean> => {
    isIdle = false;
    void api.idle().then(() => {
      isIdle = true;
    });
    await settle();
    return isIdle;
  };
  void api.act('i', 'seen', { received: '2026-01-01T00:00:00.000Z' }, 'k');
  void api.get('/incidents');
  expect(await look()).toBe(true);
  const claimed = api.act('i', 'claim', {}, 'k2');
  expect(await look()).toBe(false);
  for (const answer of answers) answer();
  await claimed;
  await settle();
  expect(isIdle).toBe(true);
  expect(await look()).toBe(true);
});
