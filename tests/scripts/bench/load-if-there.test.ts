import { expect, test } from 'vitest';
import { loadIfThere } from '../../../scripts/bench/load-if-there.ts';

const fail = (error: unknown): Promise<never> => Promise.reject(error);

test('what is not installed is null, what is there is given, and any other fault is told', async () => {
  expect(await loadIfThere(() => fail(Object.assign(new Error('no'), { code: 'ERR_MODULE_NOT_FOUND' })))).toBeNull();
  expect(await loadIfThere(() => Promise.resolve(7))).toBe(7);
  await expect(loadIfThere(() => fail(new SyntaxError('broken')))).rejects.toThrow('broken');
});
