import { isDeepStrictEqual } from 'node:util';
import { Type } from 'typebox';
import type { AlarmEvent } from '../../../devices/event.ts';
import type { Refusal } from '../../incidents/actions/action.ts';
import type { Commands } from '../../incidents/commands.ts';
import type { AlarmDecider } from '../../incidents/decide.ts';
import type { ArchivedStore } from '../../history/archived-store.ts';
import { compareInList, cutPage, formatCursor, parseCursor, type ListQuery } from '../../incidents/list.ts';
import type { LogPosition } from '../../incidents/log/log-position.ts';
import type { LogTail } from '../../incidents/log/log-tail.ts';
import type { Command } from '../../incidents/command.ts';
import type { IncidentRecord } from '../../incidents/record.ts';
import type { Performer } from '../../incidents/performer.ts';
import { type LeaseUntil, viewAlarm, viewEntry, viewIncident } from '../../incidents/view.ts';
import type { Directory, DirectoryResident } from '../../registry/directory.ts';
import { formatActor, isSupervisor, type Actor, worksOnCases } from '../auth/actor.ts';
import type { CaseFiles } from '../auth/case-files.ts';
import { calcSight, canActOn, canSeeClosed, canSeeIncident } from '../auth/incident-scope.ts';
import { isInScope, scopesOf, scopesWithin } from '../auth/scope.ts';
import { ACTION_BODIES, IncidentByHand, type ActionName } from '../contract/actions.ts';
import { Incident, INCIDENT_STATES, IncidentDetail, IncidentPage, type IncidentState } from '../contract/incident.ts';
import { Id, RegionScope } from '../contract/primitives.ts';
import { Problem } from '../contract/problem.ts';
import { ProblemError } from '../problems.ts';
import type { Api, RouteModule } from '../route.ts';
import { badField, checkByHand, checkCall, checkIdentify, parseStates } from './incident-request.ts';
import { canReadResident } from './find-resident.ts';

/** How long an answer waits until this gateway's own board has what it just wrote. */
const REACHED_TIMEOUT_MS = 1000;

export type IncidentRouteDeps = {
  readonly store: ArchivedStore;
  readonly tail: LogTail;
  readonly commands: Commands;
  readonly decide: AlarmDecider;
  readonly directory: () => Directory;
  readonly buildByHand: (body: IncidentByHand, actor: string, peer: string, key: string | null) => AlarmEvent | null;
  readonly leaseUntil: LeaseUntil;
  readonly caseFiles: Pick<CaseFiles, 'resident'>;
  /** Whether Redis answers; without it a write is refused at once instead of hanging. */
  readonly isStoreUp: () => boolean;
};

const IncidentParams = Type.Object({ id: Id });
const KEY_HEADER = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 128 })) });

export function incidentRoutes(deps: IncidentRouteDeps): RouteModule {
  const { store, tail, directory } = deps;
  const nameOf = (userId: string): string | undefined => directory().user(userId)?.name;
  const view = (incident: IncidentRecord): Incident => viewIncident(incident, nameOf, deps.leaseUntil);

  function needStore(): void {
    if (!deps.isStoreUp()) throw new ProblemError('degraded', 'the store does not answer; try again');
  }

  /** Reading one's own write: the list and the feed of this gateway have it when the answer goes out. */
  async function settle(position: LogPosition | null): Promise<void> {
    if (position !== null) await tail.reached(position, REACHED_TIMEOUT_MS);
  }

  function registerReads(app: Api): void {
    app.get(
      '/incidents',
      {
        schema: {
          querystring: Type.Object({
            state: Type.Optional(
              Type.String({ description: 'Comma list of states, or `all`; default all but resolved' }),
            ),
            region: Type.Optional(RegionScope),
            cursor: Type.Optional(Type.String()),
          }),
          response: { 200: IncidentPage, 400: Problem },
        },
      },
      async (request): Promise<IncidentPage> => {
        const { state, region, cursor } = request.query;
        const asked = parseStates(state);
        const after = cursor === undefined ? null : parseCursor(cursor);
        if (cursor !== undefined && after === null) throw badField('/querystring/cursor', 'not a cursor of this list');
        const { actor } = request;
        const isWanted = (incident: IncidentRecord): boolean =>
          canSeeIncident(actor, incident) && (region === undefined || isOfRegion(incident, region));
        const asOf = tail.asOf();
        // What is open stands on the board; only what is closed is looked for.
        const states = canSeeClosed(actor) ? asked : withoutClosed(asked);
        const isOnBoard = states !== null && !states.has('resolved');
        if (!isOnBoard) needStore();
        const page = isOnBoard
          ? cutPage(
              tail.board
                .open()
                .filter((incident) => states.has(incident.state) && isWanted(incident))
                .filter((incident) => after === null || compareInList(incident, after) > 0),
              null,
            )
          : await store.loadPage({ states, ...reachOf(actor, region ?? '*'), isWanted }, after);
        return {
          items: page.items.map(view),
          next: page.next === null ? null : formatCursor(page.next),
          asOf,
        };
      },
    );
    app.get(
      '/incidents/:id',
      {
        schema: {
          description: 'To a helper who was called and does not go: without alarms and log',
          params: IncidentParams,
          response: { 200: IncidentDetail, 404: Problem },
        },
      },
      async (request): Promise<IncidentDetail> => {
        needStore();
        const { id } = request.params;
        const incident = await store.loadIncident(id);
        const sight = incident === null ? 'none' : calcSight(request.actor, incident);
        if (incident === null || sight === 'none') throw new ProblemError('not-found');
        if (sight === 'head') return { ...view(incident), alarms: [], log: [] };
        const [events, entries] = await Promise.all([store.loadEvents(id), store.loadEntries(id)]);
        return {
          ...view(incident),
          alarms: events.map(viewAlarm),
          log: entries.map((entry) => viewEntry(entry, nameOf)),
        };
      },
    );
  }

  /** Whether what was opened under this key is what is asked for now; a second emergency must not hide behind the first. */
  async function isKept(event: AlarmEvent, incidentId: string): Promise<boolean> {
    const kept = (await store.loadEvents(incidentId)).find(({ id }) => id === event.id);
    return (
      kept === undefined || (kept.message.type === event.message.type && isDeepStrictEqual(kept.byHand, event.byHand))
    );
  }

  function registerByHand(app: Api): void {
    app.post(
      '/incidents',
      {
        schema: {
          body: IncidentByHand,
          headers: KEY_HEADER,
          response: { 200: Incident, 201: Incident, 400: Problem, 404: Problem, 409: Problem, 503: Problem },
        },
      },
      async (request, reply) => {
        const { body, actor } = request;
        if (actor.kind === 'user' && !worksOnCases(actor.user.roles)) throw new ProblemError('forbidden');
        checkByHand(body, actor, directory());
        const key = request.headers['idempotency-key'] ?? null;
        const event = deps.buildByHand(body, formatActor(actor), request.ip, key);
        if (event === null) throw badField('/body/type', 'only the gateway itself raises this type');
        needStore();
        const decided = await deps.decide(event, null);
        await settle((decided.logIds.at(-1) ?? null) as LogPosition | null);
        const incident = decided.incidentId === null ? null : await store.loadIncident(decided.incidentId);
        if (incident === null) throw badField('/body/type', 'this type opens no incident');
        if (decided.verdict === 'already-seen' && !(await isKept(event, incident.id))) {
          throw new ProblemError('conflict', 'this Idempotency-Key was used for something else');
        }
        return reply.code(decided.verdict === 'opened' ? 201 : 200).send(view(incident));
      },
    );
  }

  function registerAction<A extends ActionName>(app: Api, name: A): void {
    app.post(
      `/incidents/:id/${name}`,
      {
        preValidation: (request, _reply, done) => {
          if (request.body === undefined || request.body === null) Object.assign(request, { body: {} });
          done();
        },
        schema: {
          params: IncidentParams,
          headers: KEY_HEADER,
          body: ACTION_BODIES[name],
          response: {
            200: Incident,
            400: Problem,
            403: Problem,
            404: Problem,
            409: Problem,
            422: Problem,
            503: Problem,
          },
        },
      },
      async (request): Promise<Incident> => {
        needStore();
        const { actor, params, headers } = request;
        const command = { name, body: request.body } as Command;
        const canRead = (resident: DirectoryResident): boolean => canReadResident(deps, actor, resident);
        if (command.name === 'call') checkCall(command.body, directory(), canRead);
        if (command.name === 'identify') checkIdentify(command.body, directory(), canRead);
        const result = await deps.commands({
          incidentId: params.id,
          command,
          actor: performerOf(actor),
          commandId: headers['idempotency-key'] ?? null,
          mayAct: (incident) => canActOn(actor, incident),
        });
        switch (result.kind) {
          case 'not-found':
            throw new ProblemError('not-found');
          case 'key-reused':
            throw new ProblemError('conflict', 'this Idempotency-Key was used for something else');
          case 'refused':
            throw problemOf(result.refusal, view(result.incident));
          case 'done':
            await settle(result.position);
            return view(result.incident);
        }
      },
    );
  }

  return {
    name: 'incidents',
    prefix: '/api/v1',
    register: (app) => {
      registerReads(app);
      registerByHand(app);
      for (const name of Object.keys(ACTION_BODIES) as ActionName[]) registerAction(app, name);
    },
  };
}

/** A conflict shows the case as it stands; a wrong field shows the field. */
function problemOf({ code, detail, path }: Refusal, incident: Incident): ProblemError {
  return path === undefined ? new ProblemError(code, detail, { incident }) : badField(path, detail);
}

function performerOf(actor: Actor): Performer {
  return {
    id: actor.kind === 'user' ? actor.user.id : `local.${actor.uid}`,
    tag: formatActor(actor),
    isSupervisor: isSupervisor(actor),
    isHelper: actor.kind === 'user' && !worksOnCases(actor.user.roles),
  };
}

function withoutClosed(asked: ReadonlySet<IncidentState> | null): ReadonlySet<IncidentState> {
  return new Set(INCIDENT_STATES.filter((state) => state !== 'resolved' && (asked === null || asked.has(state))));
}

/** Where to look for what an actor may see of a region: in the whole of it, or in their part and among what is everybody's. */
function reachOf(actor: Actor, wanted: string): Pick<ListQuery, 'scopes' | 'everybodys'> {
  const scopes = scopesWithin(scopesOf(actor), wanted);
  return { scopes, everybodys: !scopes.includes(wanted) };
}

/** A list of a region holds what lies in it; what lies in none stands in the list of all. */
function isOfRegion({ region }: IncidentRecord, wanted: string): boolean {
  return wanted === '*' || (region !== null && isInScope([wanted], region));
}
