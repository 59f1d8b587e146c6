import { expect, test } from 'vitest';
import type { NotificationDraft } from '../../../../gateway/incidents/commit.ts';
import {
  createDirectNotices,
  type Direct,
  type DirectOutcome,
} from '../../../../gateway/incidents/degraded/direct-notices.ts';
import { NOW } from '../build.ts';
import { silent } from '../world.ts';

test('an attempt that ends after Redis is back is noted at once, and nothing is noted twice', async () => {
  const noted: (readonly [id: string, attempt: number, result: string])[] = [];
  const underWay: (() => void)[] = [];
  const direct: Direct<DirectOutcome> = {
    send: async (draft, _incident, { afterAttempt }) => {
      await new Promise<void>((resolve) => underWay.push(resolve));
      afterAttempt(draft, { attempt: 1, result: 'sent' });
    },
    note: async ({ id }, outcomes) => {
      for (const { attempt, result } of outcomes) noted.push([id, attempt, result]);
    },
    remember: () => undefined,
  };
  const notices = createDirectNotices({
    ...{ direct: () => direct, journal: { append: () => Promise.resolve() } },
    ...{ find: () => null, logger: silent },
  });
  const draft = (id: string): NotificationDraft => ({
    ...{ id, incidentId: 'inc', to: { kind: 'user', id: 'h1' }, at: NOW },
    ...{ reason: 'step', step: 'duty-helpers' },
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  notices.send([draft('n1'), draft('n2')]);
  underWay[0]?.();
  await settled();
  expect(noted).toEqual([]);
  await notices.noteAll();
  expect(noted).toEqual([['n1', 1, 'sent']]);
  underWay[1]?.();
  await settled();
  expect(noted).toEqual([
    ['n1', 1, 'sent'],
    ['n2', 1, 'sent'],
  ]);
});
