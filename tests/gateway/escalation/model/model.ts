import { pino } from 'pino';
import type { Clock } from '../../../../gateway/clock.ts';
import { createEngine, type Engine } from '../../../../gateway/escalation/engine.ts';
import type { PersonNow } from '../../../../gateway/escalation/people.ts';
import { planDue } from '../../../../gateway/escalation/plan-due.ts';
import { calcReach } from '../../../../gateway/escalation/reach.ts';
import type { CommitPlan } from '../../../../gateway/incidents/commit.ts';
import { dueAt } from '../../../../gateway/incidents/deadlines.ts';
import type { IncidentEventName } from '../../../../gateway/incidents/machine.ts';
import { isOpen, type IncidentRecord, type OpenIncident } from '../../../../gateway/incidents/record.ts';
import { applyEvent, type TransitionInput } from '../../../../gateway/incidents/transition.ts';

/**
 * What becomes of a commit: it is carried out; refused with an error; carried out although it answers an error; carried out
 * or not without ever answering. `away`: the store is gone and each gateway goes on in its own memory.
 */
export type Fault = 'none' | 'refuses' | 'loses-answer' | 'silent' | 'silent-but-done' | 'away';

type CommitAnswer = { readonly kind: 'done' | 'conflict' };

/** When a gateway must have acted on an incident, in milliseconds of the model. */
type Expectation = { readonly dueAtMs: number; readonly version: number; readonly byMs: number };

export type Happened = {
  readonly atMs: number;
  readonly incidentId: string;
  readonly type: string;
  readonly step: unknown;
  readonly isEmpty: boolean;
};

export type ModelGateway = {
  isAlive: boolean;
  /** How wrong its wall clock is. */
  wallOffMs: number;
  readonly board: Map<string, OpenIncident>;
  readonly expected: Map<string, Expectation>;
  engine: Engine;
};

const silent = pino({ level: 'silent' });

/** Redis as the commit's script uses it, and gateways around it that may die: real engines, real plans, a fake clock. */
export class Model {
  readonly store = new Map<string, IncidentRecord>();
  readonly gateways: ModelGateway[] = [];
  readonly happened: Happened[] = [];
  readonly notified: string[] = [];
  readonly lapsedSince = new Map<string, number>();
  people: readonly PersonNow[] = [];
  /** What the next commits meet, in turn; then `none`. */
  faults: Fault[] = [];
  isAway = false;
  /** The last moment at which something was wrong with the store. */
  troubledAtMs = Number.NEGATIVE_INFINITY;
  nobodyReached = 0;
  readonly #startedAt = Date.now();
  readonly #lagMs: () => number;

  /** `lagMs`: how long the log takes to a gateway. */
  constructor(lagMs: () => number = () => 0) {
    this.#lagMs = lagMs;
  }

  nowMs(): number {
    return Date.now() - this.#startedAt;
  }

  /** A gateway comes up: it loads what the store holds. `wallOffMs`: how wrong its clock is. */
  start(wallOffMs = 0, board: Iterable<IncidentRecord> = this.store.values()): ModelGateway {
    const base = Math.round(this.nowMs()) * 7;
    const clock: Clock = {
      nowMs: () => Date.now() + gateway.wallOffMs,
      monoMs: () => this.nowMs() + base,
    };
    const gateway: ModelGateway = {
      isAlive: true,
      wallOffMs,
      board: new Map([...board].filter(isOpen).map((incident) => [incident.id, incident])),
      expected: new Map(),
      engine: createEngine({
        find: (id) => gateway.board.get(id),
        open: () => [...gateway.board.values()],
        plan: (incident, time) =>
          planDue(
            incident,
            (target, of) =>
              calcReach(
                target,
                of,
                this.people,
                () => ['c1'],
                () => true,
              ),
            time,
          ),
        hasLapsed: (userId) => this.lapsedSince.has(userId),
        commit: (plan) => this.#commit(gateway, plan),
        onNobodyReached: () => {
          this.nobodyReached += 1;
        },
        onSomebodyReached: () => undefined,
        clock,
        logger: silent,
      }),
    };
    for (const incident of gateway.board.values()) {
      this.#expect(gateway, incident, clock.nowMs());
      gateway.engine.put(incident, true);
    }
    this.gateways.push(gateway);
    gateway.engine.start();
    return gateway;
  }

  /** As `kill -9`: what it had sent may still be carried out, nothing else of it is heard again. */
  kill(gateway: ModelGateway): void {
    gateway.isAlive = false;
    gateway.board.clear();
    void gateway.engine.stop();
  }

  alive(): ModelGateway[] {
    return this.gateways.filter(({ isAlive }) => isAlive);
  }

  open(): OpenIncident[] {
    return [...this.store.values()].filter(isOpen);
  }

  /** Somebody presses or acts through this gateway; refused by the machine, nothing happens. */
  act(gateway: ModelGateway, incidentId: string, event: IncidentEventName, input: Partial<TransitionInput>): void {
    const known = (this.isAway ? gateway.board : this.store).get(incidentId);
    if (known === undefined) return;
    const moved = applyEvent(known, event, { ...input, nowMs: Date.now() + gateway.wallOffMs })?.incident;
    if (moved === undefined) return;
    if (this.isAway) this.deliver(gateway, moved);
    else this.save(moved);
  }

  /** Writes a record and tells every gateway by the log. */
  save(record: IncidentRecord): void {
    this.store.set(record.id, record);
    for (const gateway of this.alive()) {
      const lagMs = this.#lagMs();
      if (lagMs === 0) this.deliver(gateway, record);
      else setTimeout(() => this.deliver(gateway, record), lagMs);
    }
  }

  deliver(gateway: ModelGateway, record: IncidentRecord): void {
    const known = gateway.board.get(record.id);
    if (!gateway.isAlive || (known !== undefined && known.version >= record.version)) return;
    if (isOpen(record)) {
      gateway.board.set(record.id, record);
      this.#expect(gateway, record, null);
      gateway.engine.put(record, false);
    } else {
      gateway.board.delete(record.id);
      gateway.expected.delete(record.id);
      gateway.engine.drop(record.id);
    }
  }

  /** The store is back: of what each gateway has, the higher version of an incident wins. */
  comeBack(): void {
    this.isAway = false;
    this.troubledAtMs = this.nowMs();
    for (const { board } of this.alive()) {
      for (const incident of board.values()) {
        const known = this.store.get(incident.id);
        if (known === undefined || known.version < incident.version) this.store.set(incident.id, incident);
      }
    }
    for (const record of this.store.values()) this.save(record);
  }

  /** Counted as the design says it, not as the engine does. `wallMs`: the clock's word at a start. */
  #expect(gateway: ModelGateway, incident: OpenIncident, wallMs: number | null): void {
    const due = dueAt(incident);
    const known = gateway.expected.get(incident.id);
    const remainderMs = due.at - (wallMs ?? incident.updatedAt);
    const freshMs = this.nowMs() + Math.min(Math.max(remainderMs, 0), due.spanMs);
    const byMs = known?.dueAtMs === due.at ? known.byMs : freshMs;
    gateway.expected.set(incident.id, { dueAtMs: due.at, version: incident.version, byMs });
  }

  async #commit(gateway: ModelGateway, plan: CommitPlan): Promise<CommitAnswer> {
    const never = Promise.withResolvers<never>().promise;
    if (!gateway.isAlive) return never;
    if (this.isAway) return this.#commitInMemory(gateway, plan);
    const fault = this.faults.shift() ?? 'none';
    if (fault !== 'none') this.troubledAtMs = this.nowMs();
    if (fault === 'refuses') throw new Error('the store refuses');
    if (fault === 'silent') return never;
    const answer = this.#apply(plan);
    if (fault === 'loses-answer') throw new Error('the answer was lost');
    return fault === 'silent-but-done' ? never : answer;
  }

  /** The check and the writes of the script. */
  #apply(plan: CommitPlan): CommitAnswer {
    for (const { record, was } of plan.incidents) {
      if (this.store.get(record.id)?.version !== was?.version) return { kind: 'conflict' };
    }
    this.#note(plan);
    for (const { record } of plan.incidents) {
      // Gateways hear of what the log has brought, and of nothing else.
      if (plan.entries.some(({ incidentId }) => incidentId === record.id)) this.save(record);
      else this.store.set(record.id, record);
    }
    return { kind: 'done' };
  }

  #commitInMemory(gateway: ModelGateway, plan: CommitPlan): CommitAnswer {
    for (const { record, was } of plan.incidents) {
      if (gateway.board.get(record.id)?.version !== was?.version) return { kind: 'conflict' };
    }
    this.#note(plan);
    for (const { record } of plan.incidents) this.deliver(gateway, record);
    return { kind: 'done' };
  }

  #note(plan: CommitPlan): void {
    for (const { incidentId, type, data } of plan.entries) {
      const isEmpty = data['passedOver'] === true;
      this.happened.push({ atMs: this.nowMs(), incidentId: incidentId ?? '', type, step: data['step'], isEmpty });
    }
    for (const { id } of plan.notifications) this.notified.push(id);
  }
}
