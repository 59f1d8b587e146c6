import { planCommand } from '../../../../gateway/incidents/plan-command.ts';
import type { AlarmEvent } from '../../../../devices/event.ts';
import { choosePolicy } from '../../../../gateway/escalation/policies.ts';
import type { Command } from '../../../../gateway/incidents/command.ts';
import { loadAround } from '../../../../gateway/incidents/load-around.ts';
import { EMPTY_INDEX, type OpenIndex } from '../../../../gateway/incidents/open-index.ts';
import type { Performer } from '../../../../gateway/incidents/performer.ts';
import { isOpen, subjectsOf, type IncidentRecord } from '../../../../gateway/incidents/record.ts';
import type { Directory } from '../../../../gateway/registry/directory.ts';
import { NOW, operator, register, SECOND } from '../build.ts';

export type Case = { readonly record: IncidentRecord; readonly alarms?: readonly AlarmEvent[] };

/** What one action on the first of these cases does, with all of them around it. */
export async function actAmong(
  cases: readonly [Case, ...Case[]],
  command: Command,
  actor: Performer = operator,
  directory: Directory = register(),
) {
  const indexes = new Map<string, OpenIndex>();
  for (const { record } of cases) {
    for (const subject of isOpen(record) ? subjectsOf(record) : []) {
      const known = indexes.get(subject) ?? EMPTY_INDEX;
      indexes.set(subject, { ...known, open: [...known.open, record.id] });
    }
  }
  const store = {
    loadIncident: async (id: string) => cases.find(({ record }) => record.id === id)?.record ?? null,
    loadIndex: async (subject: string) => {
      const value = indexes.get(subject);
      return value === undefined ? { raw: null, value: EMPTY_INDEX } : { raw: JSON.stringify(value), value };
    },
    loadEvents: async (id: string) => [...(cases.find(({ record }) => record.id === id)?.alarms ?? [])],
  };
  const [{ record: incident }] = cases;
  const around = await loadAround({ store, directory: () => directory, choosePolicy }, incident, command, () => true);
  const decision = planCommand({
    ...{ incident, command, actor, around },
    nowMs: NOW + SECOND,
    pressesKnown: incident.presses,
    register: directory,
  });
  if (decision.kind !== 'done') {
    const refused = decision.kind === 'refused' ? decision.refusal.code : decision.kind;
    return { refused, records: [], indexes: new Map<string, unknown>(), plan: null };
  }
  const { plan } = decision;
  const becomes = plan.guarded.map(({ key, becomes: text }) => [key, JSON.parse(text ?? 'null')] as const);
  return {
    refused: null,
    plan,
    records: plan.incidents.map(({ record }) => record),
    indexes: new Map<string, unknown>(becomes),
  };
}
