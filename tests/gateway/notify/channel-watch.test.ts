import { expect, test } from 'vitest';
import { createChannelWatch } from '../../../gateway/notify/channel-watch.ts';

const failed = { kind: 'failed', code: '500', isPermanent: false, isChannelFault: true, retryAfterMs: null } as const;
const refused = { ...failed, code: '422', isPermanent: true, isChannelFault: false } as const;
const sent = { kind: 'sent', code: '200', receipt: null } as const;

function watch() {
  const told: string[] = [];
  const clock = { ms: 0 };
  const { note } = createChannelWatch({
    clock: { monoMs: () => clock.ms },
    raise: () => void told.push(`raise at ${clock.ms}`),
    restore: () => void told.push(`restore at ${clock.ms}`),
  });
  const at = (ms: number, result: Parameters<typeof note>[0]): void => {
    clock.ms = ms;
    note(result);
  };
  return { told, at };
}

test('several failures in a row over more than a minute are told, and that it works again', () => {
  const { told, at } = watch();
  for (const ms of [0, 1000, 60_000]) at(ms, failed);
  expect(told).toEqual([]);
  at(60_001, failed);
  expect(told).toEqual(['raise at 60001']);
  at(70_000, sent);
  expect(told.at(-1)).toBe('restore at 70000');
  at(70_001, failed);
  at(140_000, failed);
  expect(told).toHaveLength(2);
});

test('what was refused for the sake of one person neither counts nor ends it', () => {
  const { told, at } = watch();
  for (const ms of [0, 30_000, 60_000, 90_000, 120_000]) at(ms, refused);
  expect(told).toEqual([]);
  at(120_001, failed);
  at(130_000, refused);
  at(150_000, failed);
  at(181_002, failed);
  expect(told).toEqual(['raise at 181002']);
});
