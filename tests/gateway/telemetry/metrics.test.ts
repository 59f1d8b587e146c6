import { expect, test } from 'vitest';
import { createMetrics } from '../../../gateway/telemetry/metrics.ts';
import { openIncident } from '../incidents/build.ts';

function makeMetrics(open = [openIncident(), openIncident(), openIncident({ state: 'claimed' })]) {
  return createMetrics({
    openIncidents: () => open,
    checks: () => ({ engine: { status: 'ok' }, disk: { status: 'failed', detail: '1.0 % free' } }),
    journal: () => ({
      ...{ status: 'ok', detail: 'writing', queuedBytes: 12, unsettled: 3, segments: 1, lastFsyncMs: 2, freePct: 50 },
    }),
    undelivered: () => 4,
    engine: () => ({ lastRunMonoMs: 1, waiting: 5, failures: 6, mostOverdueMs: 1500 }),
    auditor: () => ({
      ...{ lastRunMonoMs: 1, lastTookMs: 60, open: 3, holes: 1, isComplete: true, mostOverdueMs: 0 },
      found: { overdue: 2 },
    }),
    loops: () => [{ name: 'engine', isStuck: false, stillMs: 250 }],
    feedReaders: () => 7,
    droppedMessages: () => 8,
    standing: () => 9,
    freeDiskShare: () => null,
    vitals: () => ({
      ...{ isRunning: true, queuedBytes: 10, oldestWaitMs: 0, lastFsyncMs: 3, thread: null },
      ...{ accepted: 11, repeats: 12, stored: 13, unread: 14, shedAgoMs: Infinity },
      ...{ refused: 18, refusedAgoMs: Infinity },
      shed: { flagged: 15, everyday: 16, vital: 17 },
    }),
    receivers: [
      { name: 'dc09', counts: () => ({ frames: 21, unreadable: 22, acked: 23, notDurable: 24 }) },
      { name: 'line', counts: () => ({ frames: 25, unreadable: 26, notDurable: 27 }) },
      { name: 'modem' },
    ],
  });
}

test('what happened and what is are told in the text format of Prometheus', async () => {
  const metrics = makeMetrics();
  metrics.door.received('mqtt-json');
  metrics.door.acked('journal', 3);
  metrics.door.refused();
  metrics.dispatched(30);
  metrics.notified('webhook', 'sent');
  const lines = (await metrics.render()).split('\n');
  for (const line of [
    'zhuji_alarms_received_total{protocol="mqtt-json"} 1',
    'zhuji_alarms_acked_total{path="journal"} 1',
    'zhuji_alarms_refused_total 1',
    'zhuji_vitals_stored 13',
    'zhuji_vitals_spool_bytes Nan',
    'zhuji_vitals_shed{worth="everyday"} 16',
    'zhuji_alarm_ack_seconds_bucket{le="0.005"} 1',
    'zhuji_alarm_dispatch_seconds_count 1',
    'zhuji_open_incidents{priority="1",state="open"} 2',
    'zhuji_open_incidents{priority="1",state="claimed"} 1',
    'zhuji_check{check="engine"} 0',
    'zhuji_check{check="disk"} 2',
    'zhuji_overdue_seconds 1.5',
    'zhuji_audit_holes{kind="overdue"} 2',
    'zhuji_loop_still_seconds{loop="engine"} 0.25',
    'zhuji_feed_readers 7',
    'zhuji_receiver_frames{receiver="dc09"} 21',
    'zhuji_receiver_unreadable{receiver="dc09"} 22',
    'zhuji_receiver_acked{receiver="dc09"} 23',
    'zhuji_receiver_not_durable{receiver="dc09"} 24',
    'zhuji_receiver_frames{receiver="line"} 25',
    'zhuji_journal_unsettled 3',
    'zhuji_disk_free_ratio Nan',
    'zhuji_notifications_total{channel="webhook",result="sent"} 1',
  ]) {
    expect(lines).toContain(line);
  }
  expect(lines.filter((line) => line.startsWith('zhuji_receiver_acked{'))).toHaveLength(1);
  expect(lines.some((line) => line.startsWith('nodejs_eventloop_lag_p99_seconds '))).toBe(true);
});

test('a state that nothing is in any more is not told any more', async () => {
  const open = [openIncident(), openIncident({ state: 'claimed' })];
  const metrics = makeMetrics(open);
  expect((await metrics.render()).match(/zhuji_open_incidents\{/g)).toHaveLength(2);
  open.pop();
  const text = await metrics.render();
  expect(text).toContain('zhuji_open_incidents{priority="1",state="open"} 1');
  expect(text).not.toContain('state="claimed"');
});

test('labels that come from elsewhere have a bound', async () => {
  const metrics = makeMetrics();
  for (let n = 0; n < 10_000; n += 1) metrics.notified(`channel-${n}`, `result-${n}`);
  expect((await metrics.render()).match(/zhuji_notifications_total\{/g)?.length).toBeLessThan(50);
});
