import { describe, expect, test } from 'vitest';
import { planResume } from '../../../../gateway/api/live/resume.ts';
import { LOG_START, type LogPosition } from '../../../../gateway/incidents/log/log-position.ts';

const at = (text: string) => text as LogPosition;
const log = { newest: at('100-5'), keptFrom: LOG_START, isKnown: true };
const none = { lastEventId: undefined, after: undefined };

describe('A reader goes on', () => {
  test('from now when it names no point', () => {
    expect(planResume({ ...log, ...none })).toEqual({ kind: 'after', position: '100-5' });
    expect(planResume({ ...log, lastEventId: '', after: '' })).toEqual({ kind: 'after', position: '100-5' });
  });

  test('after `Last-Event-ID`, which wins over `after`', () => {
    expect(planResume({ ...log, lastEventId: '7-0', after: '9-0' })).toEqual({ kind: 'after', position: '7-0' });
    expect(planResume({ ...log, lastEventId: undefined, after: '9-0' })).toEqual({ kind: 'after', position: '9-0' });
  });

  test('at the newest and at the last kept point', () => {
    expect(planResume({ ...log, ...none, after: '100-5' }).kind).toBe('after');
    expect(planResume({ ...log, ...none, keptFrom: at('50-0'), after: '50-0' }).kind).toBe('after');
  });
});

describe('A reader begins anew', () => {
  test.each([
    ['malformed', 'yesterday'],
    ['malformed', '1-2-3'],
    ['malformed', '<script>'],
    ['newer-than-newest', '100-6'],
    ['newer-than-newest', '18446744073709551616-0'],
  ])('%s: %s', (reason, after) => {
    expect(planResume({ ...log, ...none, after })).toEqual({ kind: 'reset', reason });
  });

  test('older than kept', () => {
    const reset = { kind: 'reset', reason: 'older-than-kept' };
    expect(planResume({ ...log, ...none, keptFrom: at('50-0'), after: '49-9' })).toEqual(reset);
  });

  test('when the log never gave the point: it was lost and begun anew', () => {
    const reset = { kind: 'reset', reason: 'older-than-kept' };
    expect(planResume({ ...log, ...none, isKnown: false, after: '7-0' })).toEqual(reset);
  });
});
