import { beforeAll, expect, test } from 'vitest';
import { ACTION_BODIES } from '../../gateway/api/contract/actions.ts';
import { loadContract, type Contract } from './world/contract.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

/** Every action of design §8, and saying whose case it is. */
const BUILT = [
  ...['claim', 'release', 'handover', 'note', 'contact', 'call', 'dispatch', 'accept', 'decline', 'arrive'],
  ...['with-person', 'no-access', 'authority', 'seen', 'escalate', 'shelve', 'merge', 'split', 'resolve'],
  ...['follow-up', 'reopen', 'identify'],
];

let world: World;
let contract: Contract;
let known: Record<string, string>;
beforeAll(async () => {
  world = await openWorld();
  contract = await loadContract(`${world.gateway.httpUrl}/api/v1`);
  const device = await addDevice(world.gateway, { name: '朱奶奶' });
  const { incident } = await pressAndSee(world.feed, device, '{"type":"sos"}');
  known = {
    incidents: incident.id,
    devices: device.deviceId,
    residents: device.residentId ?? '',
    homes: incident.homeId ?? '',
  };
});

/** Those of the contract; /healthz and its like stand outside. */
function listPaths(): [path: string, item: Record<string, unknown>][] {
  return Object.entries(contract.document['paths'] ?? {}).filter(([path]) => path.startsWith('/api/v1/'));
}

/** `/api/v1/residents/{id}` with an id that exists. */
function fillIn(path: string): string {
  return path
    .replace(/\/(\w+)\/\{\w+\}/, (_, kind: string) => `/${kind}/${known[kind] ?? 'nobody'}`)
    .slice('/api/v1'.length);
}

test('the document is OpenAPI 3.1 and open to all', () => {
  expect(contract.document).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./), info: { title: 'Zhuji' } });
});

test('what is built of the actions is in the document and in the contract, and nothing else', () => {
  const posts = listPaths().filter(([, item]) => 'post' in item);
  const told = posts.flatMap(([path]) => /^\/api\/v1\/incidents\/\{\w+\}\/(.+)$/.exec(path)?.[1] ?? []);
  expect(told.toSorted()).toEqual(BUILT.toSorted());
  expect(Object.keys(ACTION_BODIES).toSorted()).toEqual(BUILT.toSorted());
});

test.each([...BUILT, 'forget'])('%s is answered exactly when the document has it', async (action) => {
  const { status } = await world.operator.ask('POST', `/incidents/${known['incidents']}/${action}`, { unheard: 'of' });
  // A built one refuses the body, one that is not built is not there.
  expect(status).toBe(BUILT.includes(action) ? 400 : 404);
});

test('every operation of the document is there and says what it answers', async () => {
  const operations = listPaths().flatMap(([path, item]) => Object.keys(item).map((method) => ({ path, method })));
  expect(operations.length).toBeGreaterThan(20);
  for (const { path, method } of operations) {
    const item = contract.document['paths']?.[path]?.[method];
    const statuses = Object.keys(item?.['responses'] ?? {});
    expect(
      statuses.some((status) => status.startsWith('2')),
      `${method} ${path} answers ${statuses.join()}`,
    ).toBe(true);
    // A body that nobody can mean, so that nothing happens.
    if (method === 'get') continue;
    const name = method.toUpperCase() as 'POST' | 'PUT' | 'DELETE';
    if (name === 'DELETE') continue;
    const { status } = await world.admin.ask(name, fillIn(path), [0]);
    if (item?.['requestBody'] === undefined) expect(statuses, `${name} ${path}`).toContain(String(status));
    // A receipt is believed by its signature, which is looked at first.
    else expect(status, `${name} ${path}`).toBe(path.includes('/notifications/') ? 401 : 400);
  }
});

test('what every GET of the document answers fits its schema, for each role', async () => {
  for (const person of [world.admin, world.operator]) {
    for (const [path, item] of listPaths()) {
      if (!('get' in item) || path.endsWith('/events') || path.endsWith('/openapi.json')) continue;
      const { status } = await person.ask('GET', fillIn(path));
      const asked = contract.document['paths']?.[path]?.['get']?.['parameters'] ?? [];
      const needsMore = Object.values(asked).some(
        (each) => JSON.stringify([each['in'], each['required']]) === '["query",true]',
      );
      const answers = [200, ...(needsMore ? [400] : []), ...(person === world.operator ? [403] : [])];
      expect(answers, `GET ${path}`).toContain(status);
    }
  }
});

test('refusals are problem+json with a code of the contract', async () => {
  const { httpUrl } = world.gateway;
  const paths = listPaths().map(([path]) => `/api/v1${fillIn(path)}`);
  for (const path of [...paths, '/api/v1/nothing', '/api/v1/incidents/../../x']) {
    const response = await fetch(`${httpUrl}${path}`);
    if (response.status < 400) continue;
    expect(response.headers.get('content-type'), path).toMatch(/^application\/problem\+json/);
    const problem = (await response.json()) as { status: number; code: string };
    expect(problem.status).toBe(response.status);
    expect(['unauthenticated', 'not-found'], path).toContain(problem.code);
  }
});

test('a command from a page of another site has no effect: a cookie without x-csrf is refused', async () => {
  const { operator } = world;
  const id = known['incidents'] ?? '';
  for (const csrf of ['', 'guess', 'x'.repeat(5000)]) {
    const answer = await operator.tryTo(id, 'claim', {}, { 'x-csrf': csrf });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  }
  expect(await operator.detail(id)).toMatchObject({ owner: null, state: 'open' });
});
