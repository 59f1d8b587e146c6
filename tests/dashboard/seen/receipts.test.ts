import { expect, test } from 'vitest';
import type { Api } from '../../../dashboard/api/client.ts';
import { failureOf } from '../../../dashboard/api/failure.ts';
import { Receipts, type ReceiptDeps } from '../../../dashboard/seen/receipts.ts';
import { buildIncident, iso, T0 } from '../build-incident.ts';

function createDeps(changes: Partial<ReceiptDeps> = {}) {
  const sent: { id: string; body: unknown }[] = [];
  const frames: (() => void)[] = [];
  const act: Api['act'] = (id, _action, body) => {
    sent.push({ id, body });
    return Promise.resolve({ ok: false, failure: failureOf('network') });
  };
  const deps: ReceiptDeps = {
    api: { act },
    newKey: () => 'k',
    nowMs: () => T0 + 40,
    heardAt: () => T0 + 10,
    isSounding: () => true,
    nextFrame: (run) => frames.push(run),
    ...changes,
  };
  return { deps, sent, frames };
}

test('a ring is confirmed once, after it was painted, with when it came, was painted and sounded', () => {
  const { deps, sent, frames } = createDeps();
  const receipts = new Receipts();
  receipts.shown([buildIncident()], deps);
  expect(sent).toEqual([]);
  frames.shift()?.();
  expect(sent).toEqual([
    { id: 'inc-1', body: { received: iso(T0 + 10), painted: iso(T0 + 40), sounded: iso(T0 + 40) } },
  ]);
  receipts.shown([buildIncident({ version: 2 })], deps);
  expect(frames).toHaveLength(0);
});

test('a second press is confirmed anew', () => {
  const { deps, sent, frames } = createDeps();
  const receipts = new Receipts();
  receipts.shown([buildIncident()], deps);
  receipts.shown([buildIncident({ rangAt: iso(T0 + 60_000), presses: 2 })], deps);
  for (const frame of frames) frame();
  expect(sent).toHaveLength(2);
});

test('silence is not claimed to have sounded, and a hidden window not to have painted', () => {
  const { deps, sent } = createDeps({ isSounding: () => false, nextFrame: null });
  new Receipts().shown([buildIncident()], deps);
  expect(sent[0]?.body).toEqual({ received: iso(T0 + 10) });
});

test('what does not ring is not confirmed', () => {
  const { deps, frames } = createDeps();
  new Receipts().shown([buildIncident({ ringing: false }), buildIncident({ id: 'x', state: 'resolved' })], deps);
  expect(frames).toHaveLength(0);
});
