import { expect, test } from 'vitest';
import { judgeVitals, type VitalsHealth } from '../../../../gateway/telemetry/vitals/health.ts';
import { LossAlarm } from '../../../../gateway/telemetry/vitals/loss-alarm.ts';
import { NONE } from '../../../../gateway/telemetry/vitals/thin.ts';
import { HandClock } from '../../ingest/hand-clock.ts';

function healthOf(more: Partial<VitalsHealth> = {}, writer: { lateMs?: number; fault?: string } = {}): VitalsHealth {
  return {
    ...{ isRunning: true, queuedBytes: 0, oldestWaitMs: 0, lastFsyncMs: 1, accepted: 0, repeats: 0, stored: 0 },
    ...{ refused: 0, refusedAgoMs: Infinity, shed: NONE, unread: 0, shedAgoMs: Infinity },
    thread: {
      ...{ diskFault: null, spoolBytes: 0, boundBytes: 1, segments: 1, shed: NONE, damaged: 0 },
      writer: {
        ...{ isConnected: true, fault: null, stored: 0, repeats: 0, expired: 0, erased: 0, refused: 0, batches: 0 },
        ...{ lateMs: 0, ...writer },
      },
    },
    ...more,
  };
}

test('rows that were put aside are told of for a minute, and their number for ever', () => {
  expect(judgeVitals(healthOf()).status).toBe('ok');
  expect(judgeVitals(healthOf({ refused: 3, refusedAgoMs: 59_000 }))).toMatchObject({
    status: 'degraded',
    detail: expect.stringContaining('3 rows were put aside'),
  });
  expect(judgeVitals(healthOf({ refused: 3, refusedAgoMs: 60_000 }))).toMatchObject({
    status: 'ok',
    detail: expect.stringContaining('3 rows were put aside'),
  });
});

test('a database without the table is told of in words', () => {
  const { status, detail } = judgeVitals(healthOf({}, { lateMs: 61_000, fault: '42P01' }));
  expect(status).toBe('degraded');
  expect(detail).toMatch(/^not stored for 61 s \(the database has no such table/);
});

test('a loss is one incident until nothing was lost for a minute', () => {
  const clock = new HandClock();
  const said: string[] = [];
  const alarm = new LossAlarm(
    'lost',
    { raise: (code, facts) => said.push(`${code} ${facts?.['n']}`), restore: (code) => said.push(`${code} over`) },
    clock,
  );
  const look = (n: number): void => alarm.look(n, { n });
  look(2);
  clock.advance(59_999);
  look(2);
  look(3);
  clock.advance(60_000);
  look(3);
  expect(said).toEqual(['lost 2', 'lost 3', 'lost over']);
});
