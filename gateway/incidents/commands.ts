import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Directory } from '../registry/directory.ts';
import type { CommitPlan, GuardedKey } from './commit.ts';
import type { Performer } from './performer.ts';
import { INCIDENT_KEYS } from './keys.ts';
import type { LogPosition } from './log/log-position.ts';
import type { Command } from './command.ts';
import type { Refusal } from './actions/action.ts';
import { loadAround } from './load-around.ts';
import { planCommand } from './plan-command.ts';
import type { ChoosePolicy } from './policy.ts';
import { isOpen, type IncidentRecord } from './record.ts';
import type { IncidentStore } from './store.ts';

/** How often a plan is made anew when others were faster; each round somebody else got further. */
const MAX_ROUNDS = 1000;
/** How long the first answer to a command is kept for its repeats. Chosen. */
const ANSWER_TTL_MS = 24 * 60 * 60 * 1000;

export type CommandResult =
  | { readonly kind: 'done'; readonly incident: IncidentRecord; readonly position: LogPosition | null }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly incident: IncidentRecord }
  | { readonly kind: 'not-found' }
  /** The same command id was used for something else before. */
  | { readonly kind: 'key-reused' };

export type Commands = (request: {
  readonly incidentId: string;
  readonly command: Command;
  readonly actor: Performer;
  /** Chosen by the client for each intent; a repeat gets the first answer. */
  readonly commandId: string | null;
  readonly mayAct: (incident: IncidentRecord) => boolean;
}) => Promise<CommandResult>;

const NO_CHANGE: CommitPlan = { incidents: [], guarded: [], events: [], entries: [], notifications: [], ack: null };

/**
 * Two sides that moved alarms without hearing of each other could not be brought together again. Nobody waits for it: each
 * case is worked on, and the refusal says how.
 */
const NOT_ALONE: Readonly<Partial<Record<Command['name'], Refusal>>> = {
  merge: {
    code: 'degraded',
    detail:
      'not while Redis is away. Claim both cases, note in each that they are one, close one of them as duplicate when you know how the person is; or merge them when Redis is back',
  },
  split: {
    code: 'degraded',
    detail:
      'not while Redis is away. Note which alarm is another matter and open a case by hand for it; or split it off when Redis is back',
  },
};

/** A week after it was closed a case is only read: what is new about the person belongs into a case of today. */
const ARCHIVED: Refusal = {
  code: 'archived',
  detail: 'it was closed more than a week ago; open a case by hand instead',
};
const NOT_BACK: Refusal = { code: 'degraded', detail: 'it is being given back to Redis; try again in a moment' };

type FirstAnswer = { readonly intent: string; readonly incident: IncidentRecord };

/** Carries out what people do. Loads, plans, commits; a conflict means somebody was faster and the plan is made anew. */
export function createCommands(deps: {
  readonly store: IncidentStore;
  readonly directory: () => Directory;
  readonly choosePolicy: ChoosePolicy;
  /** Redis is away and this gateway works by itself. */
  readonly isAlone?: () => boolean;
  /** Cases that Redis let go, or has lost and not got back yet. */
  readonly loadArchived?: (incidentId: string) => Promise<IncidentRecord | null>;
  readonly clock: Clock;
}): Commands {
  const { store, directory, clock } = deps;

  /** While Redis is away nobody can say which it is. */
  async function refuseAbsent(
    incidentId: string,
    mayAct: (incident: IncidentRecord) => boolean,
  ): Promise<CommandResult> {
    const incident = deps.isAlone?.() === true ? null : ((await deps.loadArchived?.(incidentId)) ?? null);
    if (incident === null || !mayAct(incident)) return { kind: 'not-found' };
    return { kind: 'refused', refusal: isOpen(incident) ? NOT_BACK : ARCHIVED, incident };
  }

  return async ({ incidentId, command, actor, commandId, mayAct }) => {
    const answerKey = commandId === null ? null : INCIDENT_KEYS.command(actor.tag, hashOf(commandId));
    const intent = hashOf(JSON.stringify([commandId, incidentId, command]));
    let pressesKnown: number | null = null;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const [incident, first] = await Promise.all([
        store.loadIncident(incidentId),
        answerKey === null ? null : store.loadText(answerKey),
      ]);
      if (incident === null) return refuseAbsent(incidentId, mayAct);
      if (!mayAct(incident)) return { kind: 'not-found' };
      if (first !== null) {
        const answer = JSON.parse(first) as FirstAnswer;
        if (answer.intent !== intent) return { kind: 'key-reused' };
        return { kind: 'done', incident: answer.incident, position: null };
      }
      const notAlone = NOT_ALONE[command.name];
      if (notAlone !== undefined && deps.isAlone?.() === true) return { kind: 'refused', refusal: notAlone, incident };
      const around = await loadAround(deps, incident, command, mayAct);
      pressesKnown ??= incident.presses;
      const decision = planCommand({
        ...{ incident, around, command, actor, pressesKnown },
        nowMs: clock.nowMs(),
        register: directory(),
      });
      if (decision.kind === 'refused') return { kind: 'refused', refusal: decision.refusal, incident };
      if (decision.kind === 'unchanged' && answerKey === null) return { kind: 'done', incident, position: null };
      const after = decision.kind === 'done' ? decision.incident : incident;
      const plan = decision.kind === 'done' ? decision.plan : NO_CHANGE;
      const result = await store.commit({
        ...plan,
        guarded: [...plan.guarded, ...firstAnswer(answerKey, { intent, incident: after })],
      });
      if (result.kind === 'done') {
        return { kind: 'done', incident: after, position: (result.logIds.at(-1) ?? null) as LogPosition | null };
      }
    }
    throw new Error('no command was accepted; the incident changes all the time');
  };
}

/** The answer lies beside the change, written by the same script: both are there or neither. */
function firstAnswer(key: string | null, answer: FirstAnswer): GuardedKey[] {
  return key === null ? [] : [{ key, was: null, becomes: JSON.stringify(answer), ttlMs: ANSWER_TTL_MS }];
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
