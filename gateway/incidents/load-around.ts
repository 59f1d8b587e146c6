import { ALARM_TYPES } from '../../devices/alarm-types.ts';
import type { AlarmEvent } from '../../devices/event.ts';
import type { Directory } from '../registry/directory.ts';
import type { Command } from './command.ts';
import { calcFacts } from './facts.ts';
import type { Indexes } from './plan-indexes.ts';
import type { ChoosePolicy } from './policy.ts';
import { incidentIdOf, subjectsOf, type IncidentId, type IncidentRecord, type Opening } from './record.ts';
import { SHOWN_ALARMS, type IncidentStore } from './store.ts';

/** What lies around a case, for actions that reach beyond it. */
export type Around = {
  /** Of every subject that the case stands or may stand under. */
  readonly indexes: Indexes;
  /** The case that a merge goes into; null where there is none that the actor may work on. */
  readonly target: IncidentRecord | null;
  /** For a merge or a split every alarm of the case; null where they are more than are handled one by one. */
  readonly alarms: readonly AlarmEvent[] | null;
  /** What a split would open, and every subject of its alarms. */
  readonly apart: (Opening & { readonly subjects: readonly string[] }) | null;
};

/** More alarms than one case shows are not moved: that is a stuck button, and not two matters in one. */
const MANY_ALARMS = SHOWN_ALARMS.first + SHOWN_ALARMS.last;

export type AroundDeps = {
  readonly store: Pick<IncidentStore, 'loadIncident' | 'loadIndex' | 'loadEvents'>;
  readonly directory: () => Directory;
  readonly choosePolicy: ChoosePolicy;
};

/** Loads what an action needs to know beyond its own case. `mayAct` as for the case itself. */
export async function loadAround(
  deps: AroundDeps,
  incident: IncidentRecord,
  command: Command,
  mayAct: (incident: IncidentRecord) => boolean,
): Promise<Around> {
  const { store } = deps;
  const subjects = new Set(subjectsOf(incident));
  let target: IncidentRecord | null = null;
  let alarms: readonly AlarmEvent[] | null = null;
  let apart: Around['apart'] = null;
  if (command.name === 'merge' || command.name === 'split') {
    const events = await store.loadEvents(incident.id);
    alarms = events.length < MANY_ALARMS ? events : null;
  }
  if (command.name === 'merge') {
    const found = await store.loadIncident(command.body.into);
    target = found !== null && mayAct(found) ? found : null;
    for (const subject of target === null ? [] : subjectsOf(target)) subjects.add(subject);
  }
  if (command.name === 'split' && alarms !== null) {
    const chosen = alarms.filter(({ id }) => command.body.alarmIds.includes(id));
    apart = await planApart(deps, incident, chosen);
    for (const subject of apart?.subjects ?? []) subjects.add(subject);
  }
  if (command.name === 'identify') subjects.add(`resident:${command.body.residentId}`);
  const held = await Promise.all(
    [...subjects].map(async (subject) => [subject, await store.loadIndex(subject)] as const),
  );
  return { indexes: new Map(held), target, alarms, apart };
}

/** What these alarms would have opened by themselves. */
async function planApart(
  { store, directory, choosePolicy }: AroundDeps,
  { version }: IncidentRecord,
  alarms: readonly AlarmEvent[],
): Promise<Around['apart']> {
  const first = alarms.find(({ message }) => message.kind === 'alarm');
  if (first === undefined) return null;
  const known = alarms.map((event) => ({ event, facts: calcFacts(event, event.message.type, directory()) }));
  const presses = known.filter(({ event }) => event.message.kind === 'alarm').map(({ facts }) => facts);
  const [urgent] = presses.toSorted((a, b) => a.priority - b.priority);
  const facts = presses[0];
  if (facts === undefined || urgent === undefined) return null;
  const { type } = urgent;
  const { lane, priority } = ALARM_TYPES[type];
  const { homeId, residentId, deviceId, region, candidates, subject } = facts;
  return {
    id: await findFreeId(store, first.id, version),
    ...{ type, lane, priority, homeId, residentId, deviceId, region, candidates, subject },
    flags: [...new Set(presses.flatMap(({ flags }) => flags))],
    openedAt: first.receivedAt,
    policy: choosePolicy({ ...facts, type, lane, priority }),
    subjects: [...new Set(presses.map((each) => each.subject))],
  };
}

/** Derived from its first alarm, so that a repeat is the same case; that alarm may have opened cases before. */
async function findFreeId(store: AroundDeps['store'], first: AlarmEvent['id'], version: number): Promise<IncidentId> {
  const derived = incidentIdOf(first);
  let id = derived;
  for (let n = version; (await store.loadIncident(id)) !== null; n += 1) id = `${derived}.${n}` as IncidentId;
  return id;
}
