import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { NotificationDraft } from '../../../gateway/incidents/commit.ts';
import { createCourier } from '../../../gateway/notify/courier.ts';
import type { Outcome } from '../../../gateway/notify/note.ts';
import type { Job } from '../../../gateway/notify/runner.ts';
import { openIncident } from '../incidents/build.ts';

const draft = (id: string): NotificationDraft => ({
  ...{ id, incidentId: 'inc-1', to: { kind: 'user', id: 'u1' }, reason: 'step', step: 'duty-helpers', at: 0 },
});

/** A courier whose channel takes nothing; `noted` are the codes of each notification, in order. */
function createWorld() {
  const jobs: Job[] = [];
  const noted: string[] = [];
  const note = ({ id }: NotificationDraft, { code, result, channel, attempt: attempts }: Outcome) => {
    noted.push(`${id} ${code}`);
    const to = draft(id).to;
    return Promise.resolve({ incidentId: 'inc-1', to, channel, attempts, result, receipts: [] });
  };
  const courier = createCourier({
    runner: { add: (job) => void jobs.push(job), start: () => undefined, stop: () => Promise.resolve() },
    outbox: {
      hold: () => Promise.resolve([]),
      settle: () => Promise.resolve(),
      loadState: () => Promise.resolve({ raw: null, value: null }),
    },
    notes: { note },
    sendOnce: (_draft, _incident, { attempts }) => {
      const outcome = { channel: 'webhook', attempt: attempts + 1, result: 'failed', code: '503' } as const;
      return Promise.resolve({ outcome: { ...outcome, latencyMs: 1, receipt: null, at: 0 }, pauseMs: 1000 });
    },
    loadIncident: () => Promise.resolve(openIncident()),
    priorityOf: () => 1,
    directStateOf: () => null,
    clock: { nowMs: () => 0, monoMs: () => 0 },
    logger: pino({ level: 'silent' }),
  });
  const round = async (): Promise<void> => {
    for (const job of jobs) await job.go(new AbortController().signal);
  };
  return { courier, noted, round };
}

test.each([
  ['the older first', ['9-0', '10-0']],
  ['the older taken over from another gateway later', ['10-0', '9-0']],
])('of two to one person about one matter the newer is tried again: %s', async (_name, streamIds) => {
  const { courier, noted, round } = createWorld();
  for (const streamId of streamIds) courier.take(streamId, draft(streamId));
  await round();
  noted.length = 0;
  await round();
  expect(noted.toSorted()).toEqual(['10-0 503', '9-0 superseded']);
});
