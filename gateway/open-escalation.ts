import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import { createEngine } from './escalation/engine.ts';
import { guardReach } from './escalation/guard-reach.ts';
import { planDue } from './escalation/plan-due.ts';
import { calcReach } from './escalation/reach.ts';
import type { Presence } from './api/presence.ts';
import type { Incidents } from './incidents/incidents.ts';
import { isOpen } from './incidents/record.ts';
import type { Notifier } from './notify/notifier.ts';
import { listNoticeContacts } from './notify/notice-contacts.ts';
import type { Registry } from './registry/registry.ts';
import type { SystemAlarms } from './telemetry/system-alarms.ts';

/** What happens next to each open case, and when: the engine, and the plan that others hold it against. */
export function openEscalation(deps: {
  readonly incidents: Pick<Incidents, 'tail' | 'store'>;
  readonly people: Presence['people'];
  readonly registry: Pick<Registry, 'directory'>;
  readonly notifier: Pick<Notifier, 'canNotify'>;
  readonly alarms: SystemAlarms;
  readonly clock: Clock;
  readonly logger: Logger;
}) {
  const { people, registry, notifier, alarms, clock, logger } = deps;
  const { tail, store } = deps.incidents;
  const contactsOf = (residentId: string): string[] => listNoticeContacts(registry.directory(), residentId);
  const reach = guardReach(
    (target, of) => calcReach(target, of, people.list(), contactsOf, notifier.canNotify),
    logger,
  );
  const engine = createEngine({
    find: (id) => tail.board.find(id),
    open: () => tail.board.open(),
    plan: (incident, time) => planDue(incident, reach, time),
    hasLapsed: people.hasLapsed,
    commit: (plan) => store.commit(plan),
    // A technical matter that reaches nobody must not raise another one.
    onNobodyReached: ({ lane }) => {
      if (lane !== 'technical') alarms.raise('nobody-reached', {}, 'no-coverage');
    },
    onSomebodyReached: () => alarms.restore('nobody-reached'),
    clock,
    logger,
  });
  tail.subscribe(({ incident }) => {
    if (incident !== null && isOpen(incident)) engine.put(incident, false);
    else if (incident !== null) engine.drop(incident.id);
  });
  return { engine, reach };
}
