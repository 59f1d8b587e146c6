import { expect, test } from 'vitest';
import type { Api } from '../../../dashboard/api/client.ts';
import { failureOf } from '../../../dashboard/api/failure.ts';
import { Receipts, type ReceiptDeps } from '../../../dashboard/seen/receipts.ts';
import { buildIncident, iso, T0 } from '../build-incident.ts';
import { settle } from '../manual-timers.ts';

function createDeps(changes: Partial<ReceiptDeps> = {}) {
  const sent: { id: string; body: unknown }[] = [];
  const frames: (() => void)[] = [];
  const act: Api['act'] = (id, _action, body) => {
    sent.push({ id, body });
    return Promise.resolve({ ok: false, failure: failureOf('network') });
  };
  const deps: ReceiptDeps = {
    api: { act, idle: () => Promise.resolve() },
    newKey: () => 'k',
    nowMs: () => T0 + 40,
    heardAt: () => T0 + 10,
    isSounding: () => true,
    nextFrame: (run) => frames.push(run),
    ...changes,
  };
  return { deps, sent, frames };
}

test('a ring is confirmed once, after it was painted, with when it came, was painted and sounded', async () => {
  const { deps, sent, frames } = createDeps();
  const receipts = new Receipts();
  receipts.shown([buildIncident()], deps);
  expect(sent).toEqual([]);
  frames.shift()?.();
  await settle();
  expect(sent).toEqual([
    { id: 'inc-1', body: { received: iso(T0 + 10), painted: iso(T0 + 40), sounded: iso(T0 + 40) } },
  ]);
  receipts.shown([buildIncident({ version: 2 })], deps);
  expect(frames).toHaveLength(0);
});

test('a second press is confirmed anew', async () => {
  const { deps, sent, frames } = createDeps();
  const receipts = new Receipts();
  receipts.shown([buildIncident()], deps);
  receipts.shown([buildIncident({ rangAt: iso(T0 + 60_000), presses: 2 })], deps);
  for (const frame of frames) frame();
  await settle();
  expect(sent).toHaveLength(2);
});

test('silence is not claimed to have sounded, and a hidden window not to have painted', async () => {
  const { deps, sent } = createDeps({ isSounding: () => false, nextFrame: null });
  new Receipts().shown([buildIncident()], deps);
  await settle();
  expect(sent[0]?.body).toEqual({ received: iso(T0 + 10) });
});

test('what does not ring is not confirmed', () => {
  const { deps, frames } = createDeps();
  new Receipts().shown([buildIncident({ ringing: false }), buildIncident({ id: 'x', state: 'resolved' })], deps);
  expect(frames).toHaveLength(0);
});

test('what sounds is told for each case: that of a colleague did not sound here', async () => {
  const { deps, sent, frames } = createDeps({ isSounding: (id) => id === 'mine' });
  new Receipts().shown([buildIncident({ id: 'mine' }), buildIncident({ id: 'theirs' })], deps);
  frames.shift()?.();
  await settle();
  expect(sent.map(({ id, body }) => [id, 'sounded' in (body as object)])).toEqual([
    ['mine', true],
    ['theirs', false],
  ]);
});

test('a storm sends two receipts at a time, none about technical cases, and waits while a person does something', async () => {
  const answers: (() => void)[] = [];
  const begun: string[] = [];
  let isBusy = true;
  const idle: (() => void)[] = [];
  const { deps, frames } = createDeps({
    api: {
      act: (id) => {
        begun.push(id);
        return new Promise((resolve) => answers.push(() => resolve({ ok: false, failure: failureOf('network') })));
      },
      idle: () => (isBusy ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve()),
    },
  });
  const people = Array.from({ length: 40 }, (_, i) => buildIncident({ id: `p${i}` }));
  const technical = Array.from({ length: 400 }, (_, i) =>
    buildIncident({ id: `t${i}`, type: 'mains-lost', priority: 4 }),
  );
  new Receipts().shown([...technical, ...people], deps);
  frames.shift()?.();
  await settle();
  expect(begun).toEqual([]);
  isBusy = false;
  for (const go of idle) go();
  await settle();
  expect(begun).toHaveLength(2);
  while (answers.length > 0) {
    expect(answers.length).toBeLessThanOrEqual(2);
    answers.shift()?.();
    await settle();
  }
  expect(begun).toEqual(people.map(({ id }) => id));
});
