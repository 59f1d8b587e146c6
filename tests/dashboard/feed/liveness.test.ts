import { expect, test } from 'vitest';
import { judgeLiveness, type LivenessInput } from '../../../dashboard/feed/liveness.ts';

const proven: LivenessInput = { monoMs: 52_000, startedAtMs: 0, statusAtMs: 50_000, isStreaming: true, isLoaded: true };

test('a fresh status over an open stream proves the screen', () => {
  expect(judgeLiveness(proven)).toEqual({ kind: 'proven', ageMs: 2000 });
});

test('ten seconds without a status is a loss with sound, whatever the stream says', () => {
  expect(judgeLiveness({ ...proven, monoMs: 59_999 }).kind).toBe('proven');
  expect(judgeLiveness({ ...proven, monoMs: 60_000 })).toEqual({ kind: 'lost', forMs: 10_000, sounds: true });
});

test('a lost stream shows at once and sounds when it does not come back soon', () => {
  expect(judgeLiveness({ ...proven, isStreaming: false })).toEqual({ kind: 'lost', forMs: 2000, sounds: false });
  expect(judgeLiveness({ ...proven, isStreaming: false, monoMs: 53_000 })).toMatchObject({ sounds: true });
});

test('a console that never hears anything says so after ten seconds', () => {
  const never = { ...proven, statusAtMs: null, isStreaming: false, isLoaded: false, startedAtMs: 50_000 };
  expect(judgeLiveness({ ...never, monoMs: 59_000 })).toEqual({ kind: 'starting' });
  expect(judgeLiveness({ ...never, monoMs: 60_000 })).toMatchObject({ kind: 'lost', sounds: true });
});

test('a status without a list is not yet a screen to believe', () => {
  expect(judgeLiveness({ ...proven, isLoaded: false })).toEqual({ kind: 'starting' });
});
