import { expect, test } from 'vitest';
import { STATUS_KINDS } from '../../../gateway/api/contract/registry.ts';
import { isPaused, NEVER_PAUSED, PAUSABLE } from '../../../gateway/registry/status-rules.ts';

test('no status pauses an emergency', () => {
  for (const status of STATUS_KINDS)
    for (const what of NEVER_PAUSED) expect([status, isPaused(what, status)]).toEqual([status, false]);
});

test('at home nothing is paused, and nobody greets the dead', () => {
  for (const what of PAUSABLE) {
    expect([what, isPaused(what, 'at-home')]).toEqual([what, false]);
    expect([what, isPaused(what, 'deceased')]).toEqual([what, true]);
  }
});

test('an empty flat is silent by rights', () => {
  for (const status of STATUS_KINDS) expect(isPaused('silence-rules', status)).toBe(status !== 'at-home');
});
