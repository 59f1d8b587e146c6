import type { Logger } from 'pino';
import { Type } from 'typebox';
import { formatIso } from '../../clock.ts';
import type { Registry } from '../../registry/registry.ts';
import { listLimits } from '../../telemetry/limits/effective-limits.ts';
import { formatActor } from '../auth/actor.ts';
import type { CaseFiles } from '../auth/case-files.ts';
import type { NoteAudit } from '../auth/note-log-ins.ts';
import { LimitsNew, ResidentLimits } from '../contract/limits.ts';
import { Id } from '../contract/primitives.ts';
import type { RouteModule } from '../route.ts';
import { findReadable, findVisible } from './find-resident.ts';

export type LimitRouteDeps = {
  readonly registry: Pick<Registry, 'directory' | 'setLimits'>;
  readonly caseFiles: Pick<CaseFiles, 'resident'>;
  readonly note: NoteAudit;
  readonly logger: Logger;
  /** Limits are health: reading them is reading a person's file. */
  readonly onPersonRead: (actor: string, residentIds: readonly string[]) => void;
};

/** What is well for a person: read by whoever may read the file, recorded by a supervisor of the region. */
export function limitRoutes({ registry, caseFiles, note, logger, onPersonRead }: LimitRouteDeps): RouteModule {
  const view = (id: string): ResidentLimits => {
    const { limits, recordedAt, recordedBy } = registry.directory().limitsOf(id);
    return {
      limits: listLimits(limits),
      recordedAt: recordedAt === null ? null : formatIso(recordedAt),
      recordedBy,
    };
  };
  const params = Type.Object({ id: Id });
  return {
    name: 'limits',
    prefix: '/api/v1',
    register: (app) => {
      app.get(
        '/residents/:id/limits',
        { schema: { description: 'What counts now', params, response: { 200: ResidentLimits } } },
        async ({ actor, params: { id } }) => {
          findReadable({ directory: registry.directory, caseFiles }, actor, id);
          onPersonRead(formatActor(actor), [id]);
          return view(id);
        },
      );
      app.put(
        '/residents/:id/limits',
        {
          schema: {
            description:
              'Records all limits of the person’s own; a metric that is not among them has its default again. In effect at once',
            params,
            body: LimitsNew,
            response: { 200: ResidentLimits },
          },
          config: { access: 'supervisor' },
        },
        async ({ actor, body, params: { id } }) => {
          findVisible(registry.directory(), actor, id);
          await registry.setLimits(id, body.limits, formatActor(actor));
          // What they are is health: that stands where it can be erased.
          note('limits-recorded', formatActor(actor), { residentId: id });
          logger.info({ actor: formatActor(actor), residentId: id }, 'limits recorded');
          return view(id);
        },
      );
    },
  };
}
