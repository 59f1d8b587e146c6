import { describe, expect, test } from 'vitest';
import { findResume } from '../../../../gateway/api/live/find-resume.ts';
import { LOG_START, type LogPosition } from '../../../../gateway/incidents/log/log-position.ts';

const at = (text: string) => text as LogPosition;

function world(
  board: { asOf: string; catchesUpTo?: string; isLocal?: boolean; voidBefore?: string },
  log: { keptFrom?: string; isKnown?: boolean } | 'silent' = {},
) {
  let asOf = at(board.asOf);
  const waits: string[] = [];
  return {
    waits,
    log: {
      keptFrom: async () => {
        if (log === 'silent') throw new Error('Redis is silent');
        return at(log.keptFrom ?? LOG_START);
      },
      holds: async () => {
        if (log === 'silent') throw new Error('Redis is silent');
        return log.isKnown ?? true;
      },
    },
    board: {
      asOf: () => asOf,
      reached: async (position: LogPosition) => {
        waits.push(position);
        asOf = at(board.catchesUpTo ?? asOf);
      },
      recentAfter: (position: LogPosition) => (position === '9-0' ? [] : null),
      isLocal: () => board.isLocal ?? false,
      voidBefore: () => (board.voidBefore === undefined ? null : at(board.voidBefore)),
    },
  };
}

const ask = (after: string | undefined, { log, board }: ReturnType<typeof world>) =>
  findResume({ lastEventId: undefined, after }, log, board);

describe('A point ahead of this gateway', () => {
  test('is waited for: another gateway may have told it', async () => {
    const behind = world({ asOf: '5-0', catchesUpTo: '8-0' });
    expect(await ask('7-0', behind)).toEqual({ resume: { kind: 'after', position: '7-0' }, newest: '8-0' });
    expect(behind.waits).toEqual(['7-0']);
  });

  test('that does not come is newer than the newest', async () => {
    const { resume } = await ask('7-0', world({ asOf: '5-0' }));
    expect(resume).toEqual({ kind: 'reset', reason: 'newer-than-newest' });
  });

  test('nobody waits for a point that is behind, malformed or not named', async () => {
    for (const after of ['4-0', 'x', undefined]) {
      const here = world({ asOf: '5-0' });
      await ask(after, here);
      expect(here.waits).toEqual([]);
    }
  });
});

describe('While Redis is silent', () => {
  test('a point in memory goes on', async () => {
    expect((await ask('9-0', world({ asOf: '10-0' }, 'silent'))).resume).toEqual({ kind: 'after', position: '9-0' });
  });

  test('any other point gets a reset, and the newest to go on from', async () => {
    expect(await ask('4-0', world({ asOf: '10-0' }, 'silent'))).toEqual({
      resume: { kind: 'reset', reason: 'older-than-kept' },
      newest: '10-0',
    });
  });

  test('no point means from now, as ever', async () => {
    expect((await ask(undefined, world({ asOf: '10-0' }, 'silent'))).resume).toEqual({
      kind: 'after',
      position: '10-0',
    });
  });
});

describe('While this gateway works by itself', () => {
  test('there is only from now, and no point to go on from', async () => {
    const resume = { kind: 'after', position: '5-0' };
    expect(await ask(undefined, world({ asOf: '5-0', isLocal: true }))).toEqual({ resume, newest: null });
  });

  test('whoever asks for a point is told to load anew', async () => {
    for (const [after, reason] of [
      ['5-0', 'older-than-kept'],
      ['x', 'malformed'],
    ] as const) {
      const told = await ask(after, world({ asOf: '5-0', isLocal: true }));
      expect(told).toEqual({ resume: { kind: 'reset', reason }, newest: null });
    }
  });

  test('points of before are void afterwards, later ones are not', async () => {
    const after = { asOf: '9-0', voidBefore: '7-0' };
    expect((await ask('6-9', world(after))).resume).toEqual({ kind: 'reset', reason: 'degraded-ended' });
    expect((await ask('7-0', world(after))).resume).toEqual({ kind: 'after', position: '7-0' });
  });
});
