import { expect, test } from 'vitest';
import { createCaseFiles } from '../../../../gateway/api/auth/case-files.ts';
import { NOW, openIncident } from '../../incidents/build.ts';

const user = { id: 'u1', username: 'li', name: 'Li', roles: ['operator' as const], regions: ['elsewhere'], epoch: 1 };

test('a case opens the file of its device until that is handed on', () => {
  const open = openIncident({ deviceId: 'd-1', region: 'yuyao', isForAll: true, openedAt: NOW });
  const files = createCaseFiles({ open: () => [open], directory: () => ({ resident: () => undefined }) });
  const mayRead = (boundFrom: number | null): boolean =>
    files.device(
      { kind: 'user', user },
      { id: 'd-1', boundFrom: boundFrom === null ? null : new Date(boundFrom).toISOString() },
    );
  expect([mayRead(null), mayRead(NOW), mayRead(NOW + 1)]).toEqual([true, true, false]);
});
