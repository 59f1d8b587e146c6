import { expect, test } from 'vitest';
import { ALARM_TYPES } from '../../../devices/alarm-types.ts';
import { choosePolicy } from '../../../gateway/escalation/policies.ts';
import { createAlarmDecider } from '../../../gateway/incidents/decide.ts';
import { Keyspace } from '../../../gateway/incidents/degraded/keyspace.ts';
import { createLocalStore } from '../../../gateway/incidents/degraded/local-store.ts';
import type { ChoosePolicy } from '../../../gateway/incidents/policy.ts';
import { REDIS_KEYS } from '../../../gateway/store/keys.ts';
import { NOW, pressed, register, SECOND } from '../incidents/build.ts';
import { silent } from '../incidents/world.ts';

const types = Object.entries(ALARM_TYPES).map(([type, { lane, priority }]) => ({ type, lane, priority }) as Asked);
type Asked = Pick<Parameters<ChoosePolicy>[0], 'type' | 'lane' | 'priority'>;

test.each(types)('$type of priority $priority has a ladder that begins at once and goes further each time', (asked) => {
  const { steps, againAfterMs, nobodyAgainMs } = choosePolicy({ ...asked, region: null, residentId: null });
  expect(steps[0]).toEqual({ afterMs: 0, target: 'duty-operators' });
  expect(steps.map(({ afterMs }) => afterMs)).toEqual(steps.map(({ afterMs }) => afterMs).toSorted((a, b) => a - b));
  expect(new Set(steps.map(({ target }) => target)).size).toBe(steps.length);
  expect(Math.min(againAfterMs, nobodyAgainMs)).toBeGreaterThan(0);
  if (asked.priority > 2) return;
  const factor = asked.priority === 1 ? 1 : 4;
  expect(steps.filter(({ target }) => target !== 'contacts')).toEqual([
    { afterMs: 0, target: 'duty-operators' },
    { afterMs: factor * 15 * SECOND, target: 'all-operators' },
    { afterMs: factor * 30 * SECOND, target: 'supervisors' },
    { afterMs: factor * 60 * SECOND, target: 'duty-helpers' },
  ]);
  const isSilent = asked.type === 'duress' || asked.type === 'unprocessed';
  expect(steps.some(({ target }) => target === 'contacts')).toBe(!isSilent);
});

test('a case keeps the policy that it was opened with, whatever is decided about policies afterwards', async () => {
  let chosen: ChoosePolicy = choosePolicy;
  const clock = { nowMs: () => NOW, monoMs: () => NOW };
  const none = () => Promise.resolve();
  const local = createLocalStore({
    journal: { append: none, rewrite: none },
    ...{ alarmStream: REDIS_KEYS.alarms, newPlanId: () => 'p', onDone: () => undefined, clock, logger: silent },
  });
  local.open(new Keyspace(), []);
  const decide = createAlarmDecider({
    ...{ store: local.store, directory: () => register(), clock },
    choosePolicy: (question) => chosen(question),
  });
  const press = (deviceId: string, text: string) => decide(pressed({ deviceId, message: { text } }), null);
  const { incidentId } = await press('a', 'first');
  const before = local.record(incidentId ?? '')?.policy;
  chosen = (question) => ({ ...choosePolicy(question), id: 'new', steps: [{ afterMs: 9, target: 'supervisors' }] });
  await press('a', 'second');
  expect(local.record(incidentId ?? '')).toMatchObject({ presses: 2, policy: before });
  const fresh = await press('b', 'first');
  expect(local.record(fresh.incidentId ?? '')?.policy.id).toBe('new');
});
