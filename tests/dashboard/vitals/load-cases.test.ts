import { expect, test } from 'vitest';
import type { ResidentIncidentPage } from '../../../gateway/api/contract/incident.ts';
import { failureOf, type Result } from '../../../dashboard/api/failure.ts';
import { loadCases, mergeCases } from '../../../dashboard/vitals/load-cases.ts';
import { buildIncident, T0 } from '../build-incident.ts';

const bounds = { fromMs: T0 - 90 * 86_400_000, toMs: T0 };
const { signal } = new AbortController();

/** One page after the other; null: it fails. */
function apiOf(pages: (page: number) => ResidentIncidentPage | null) {
  const asked: string[] = [];
  return {
    asked,
    get: async <T>(path: string): Promise<Result<T>> => {
      asked.push(path);
      const value = pages(asked.length - 1);
      return value === null ? { ok: false, failure: failureOf('degraded') } : { ok: true, value: value as T };
    },
  };
}

test('all pages of the span are read, each from where the one before ended', async () => {
  const api = apiOf((page) => ({ items: [buildIncident({ id: `c${page}` })], next: page < 2 ? `9_c${page}` : null }));
  const result = await loadCases(api, 'res/1', bounds, signal);
  expect(result).toMatchObject({
    ok: true,
    value: { items: [{ id: 'c0' }, { id: 'c1' }, { id: 'c2' }], isCut: false },
  });
  const span = 'from=2025-12-01T18%3A00%3A00.000Z&to=2026-03-01T18%3A00%3A00.000Z';
  expect(api.asked).toEqual([
    `/residents/res%2F1/incidents?${span}`,
    `/residents/res%2F1/incidents?${span}&cursor=9_c0`,
    `/residents/res%2F1/incidents?${span}&cursor=9_c1`,
  ]);
});

test('of very many the newest are taken, and it is said that there are more', async () => {
  const api = apiOf((page) => ({ items: [buildIncident({ id: `c${page}` })], next: `9_c${page}` }));
  expect(await loadCases(api, 'res-1', bounds, signal)).toMatchObject({ ok: true, value: { isCut: true } });
  expect(api.asked).toHaveLength(5);
});

test('where one page fails none is taken: a part could be taken for all', async () => {
  const api = apiOf((page) => (page === 1 ? null : { items: [buildIncident()], next: '9_c' }));
  expect(await loadCases(api, 'res-1', bounds, signal)).toMatchObject({ ok: false, failure: { code: 'degraded' } });
});

test('what the feed holds goes before what was read once', () => {
  const now = buildIncident({ id: 'a', version: 5, residentId: 'res-2' });
  const merged = mergeCases(new Map([['a', now]]), [
    buildIncident({ id: 'a', version: 3 }),
    buildIncident({ id: 'b' }),
  ]);
  expect(merged.map(({ id, residentId }) => [id, residentId])).toEqual([
    ['a', 'res-2'],
    ['b', 'res-1'],
  ]);
});
