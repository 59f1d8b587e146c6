import { Type } from 'typebox';
import type { Directory } from '../../registry/directory.ts';
import { formatActor } from '../auth/actor.ts';
import type { NoteAudit } from '../auth/note-log-ins.ts';
import { canSee } from '../auth/scope.ts';
import { CaseFile, DeviceContacts } from '../contract/history.ts';
import { Id, IsoTime } from '../contract/primitives.ts';
import { Problem } from '../contract/problem.ts';
import { ProblemError } from '../problems.ts';
import type { RouteModule } from '../route.ts';
import { ownSince } from './own-since.ts';
import { canSeeDevice } from './register-view.ts';

export type CaseRouteDeps = {
  readonly loadCase: (incidentId: string) => Promise<CaseFile | null>;
  readonly loadContacts: (deviceId: string, span: { fromMs: number; toMs: number }) => Promise<DeviceContacts>;
  readonly directory: () => Directory;
  readonly note: NoteAudit;
};

/** The longest span that is looked at: the minutes of a gateway in it are counted one by one. */
const MOST_MS = 31 * 24 * 60 * 60 * 1000;

/** "We pressed and nobody came": for supervisors and admins in scope, and every look leaves a trace. */
export function caseRoutes({ loadCase, loadContacts, directory, note }: CaseRouteDeps): RouteModule {
  const params = Type.Object({ id: Id });
  return {
    name: 'cases',
    prefix: '/api/v1',
    register: (app) => {
      app.get(
        '/incidents/:id/case',
        {
          schema: {
            description: 'All that is known of a case: what came, what did not, who saw it, every step, and its proof',
            params,
            response: { 200: CaseFile, 404: Problem, 503: Problem },
          },
          config: { access: 'supervisor' },
        },
        async ({ actor, params }) => {
          const file = await loadCase(params.id);
          if (file === null || !canSee(actor, file.region)) throw new ProblemError('not-found');
          note('case-read', formatActor(actor), { incidentId: file.id, residentId: file.residentId });
          return file;
        },
      );
      app.get(
        '/devices/:id/contacts',
        {
          schema: {
            description: 'When a device was there and when not; also of names that nobody registered',
            params,
            querystring: Type.Object({ from: IsoTime, to: IsoTime }),
            response: { 200: DeviceContacts, 400: Problem, 404: Problem, 503: Problem },
          },
          config: { access: 'supervisor' },
        },
        async ({ actor, params, query }) => {
          const device = directory().device(params.id);
          if (device !== undefined && !canSeeDevice(directory(), actor, device)) throw new ProblemError('not-found');
          const span = { fromMs: Date.parse(query.from), toMs: Date.parse(query.to) };
          if (!(span.fromMs < span.toMs) || span.toMs - span.fromMs > MOST_MS) {
            const message = 'must be after `from`, by 31 days at most';
            throw new ProblemError('bad-request', message, { errors: [{ path: '/querystring/to', message }] });
          }
          const ownSpan = { ...span, fromMs: Math.max(span.fromMs, ownSince(actor, device)) };
          if (ownSpan.fromMs >= span.toMs) throw new ProblemError('not-found', 'it belonged to somebody else then');
          note('device-read', formatActor(actor), { deviceId: params.id });
          return loadContacts(params.id, ownSpan);
        },
      );
    },
  };
}
