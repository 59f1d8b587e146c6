import { Type } from 'typebox';
import { formatCursor, parseCursor } from '../../incidents/list.ts';
import { loadPersonPage, type LoadPersonCases } from '../../incidents/person-list.ts';
import type { OpenIncident } from '../../incidents/record.ts';
import { type LeaseUntil, viewIncident } from '../../incidents/view.ts';
import type { Directory } from '../../registry/directory.ts';
import { formatActor } from '../auth/actor.ts';
import type { CaseFiles } from '../auth/case-files.ts';
import { canSeeIncident } from '../auth/incident-scope.ts';
import type { NoteAudit } from '../auth/note-log-ins.ts';
import { ResidentIncidentPage, ResidentIncidentQuery } from '../contract/incident.ts';
import { Id } from '../contract/primitives.ts';
import { Problem } from '../contract/problem.ts';
import type { RouteModule } from '../route.ts';
import { badField } from './incident-request.ts';
import { findReadable } from './find-resident.ts';

export type ResidentIncidentRouteDeps = {
  /** Throws StoreError: a part is not answered as the whole. */
  readonly loadKept: LoadPersonCases;
  readonly open: () => readonly OpenIncident[];
  readonly directory: () => Directory;
  readonly leaseUntil: LeaseUntil;
  readonly caseFiles: Pick<CaseFiles, 'resident'>;
  readonly note: NoteAudit;
};

/** Later than any case opens, and what a date of Postgres can hold. */
const NEVER_MS = Date.UTC(9999, 0, 1);

/** The cases of one person, also those that no console holds any more: a part of their file, so that every look leaves a trace. */
export function residentIncidentRoutes(deps: ResidentIncidentRouteDeps): RouteModule {
  const { loadKept, open, directory, leaseUntil, note } = deps;
  const nameOf = (userId: string): string | undefined => directory().user(userId)?.name;
  return {
    name: 'resident-incidents',
    prefix: '/api/v1',
    register: (app) => {
      app.get(
        '/residents/:id/incidents',
        {
          schema: {
            description:
              'Cases of a person, or that may be theirs, that opened in a span; the newest first. A page may have fewer than 200 and yet a `next`',
            params: Type.Object({ id: Id }),
            querystring: ResidentIncidentQuery,
            response: { 200: ResidentIncidentPage, 400: Problem, 404: Problem, 503: Problem },
          },
        },
        async ({ actor, params, query }): Promise<ResidentIncidentPage> => {
          const resident = findReadable(deps, actor, params.id);
          const fromMs = query.from === undefined ? 0 : Math.max(0, Date.parse(query.from));
          const toMs = query.to === undefined ? NEVER_MS : Math.min(NEVER_MS, Date.parse(query.to));
          if (!(fromMs < toMs)) throw badField('/querystring/to', 'must be after `from`');
          const after = query.cursor === undefined ? null : parseCursor(query.cursor);
          if (query.cursor !== undefined && after === null)
            throw badField('/querystring/cursor', 'not a cursor of this list');
          const page = await loadPersonPage({ loadKept, open }, { residentId: resident.id, fromMs, toMs }, after);
          note('cases-read', formatActor(actor), { residentId: resident.id });
          return {
            items: page.items
              .filter((incident) => canSeeIncident(actor, incident))
              .map((incident) => viewIncident(incident, nameOf, leaseUntil)),
            next: page.next === null ? null : formatCursor(page.next),
          };
        },
      );
    },
  };
}
