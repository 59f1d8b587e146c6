import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coalesce } from '../../../gateway/registry/coalesce.ts';

test('every call is answered by a run that began after it, and runs never overlap', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), async (s, fails) => {
      let clock = 0;
      let isRunning = false;
      let begunAt = 0;
      let runs = 0;
      const request = coalesce(async () => {
        expect(isRunning).toBe(false);
        isRunning = true;
        clock += 1;
        begunAt = clock;
        const fail = fails[runs % fails.length];
        runs += 1;
        await s.schedule(Promise.resolve());
        isRunning = false;
        if (fail === true) throw new Error('as told');
      });
      const asked = fails.map((_, index) =>
        s.schedule(Promise.resolve(), `call ${index}`).then(async () => {
          clock += 1;
          const calledAt = clock;
          const isBefore = (): boolean => begunAt < calledAt;
          await request().catch(() => undefined);
          expect(isBefore()).toBe(false);
        }),
      );
      await s.waitFor(Promise.all(asked));
      expect(runs).toBeLessThanOrEqual(fails.length);
    }),
  );
});

test('a failed run is told to those who waited for it, and the next one runs', async () => {
  let runs = 0;
  const request = coalesce(async () => {
    runs += 1;
    if (runs === 1) throw new Error('as told');
  });
  await expect(request()).rejects.toThrow('as told');
  await expect(request()).resolves.toBeUndefined();
});
