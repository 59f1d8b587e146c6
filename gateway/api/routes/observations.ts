import { Type } from 'typebox';
import { findMetric } from '../../../devices/vital-metrics.ts';
import { formatIso } from '../../clock.ts';
import type { Directory } from '../../registry/directory.ts';
import { planSpan, type Span, type SpanFault } from '../../telemetry/observations/span.ts';
import { formatActor } from '../auth/actor.ts';
import type { CaseFiles } from '../auth/case-files.ts';
import type { NoteAudit } from '../auth/note-log-ins.ts';
import { ObservationQuery, Observations } from '../contract/observations.ts';
import { Id } from '../contract/primitives.ts';
import { Problem } from '../contract/problem.ts';
import { ProblemError } from '../problems.ts';
import type { RouteModule } from '../route.ts';
import { canSeeResident } from './register-view.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export type ObservationRouteDeps = {
  /** Throws StoreError. */
  readonly load: (
    of: { readonly residentId: string; readonly metric: string },
    span: Span,
  ) => Promise<Pick<Observations, 'points' | 'flagged'>>;
  readonly directory: () => Directory;
  readonly caseFiles: Pick<CaseFiles, 'resident'>;
  readonly note: NoteAudit;
  readonly nowMs: () => number;
};

const FAULTS = {
  reversed: { path: '/querystring/to', message: 'must be after `from`' },
  'out-of-range': { path: '/querystring/to', message: 'must end before 2200, and begin in 1970 or later' },
  'too-many-points': { path: '/querystring/bucket', message: 'must be wider for this span: 5000 points at most' },
  'too-long': { path: '/querystring/bucket', message: 'must be `1h` or wider for more than 31 days' },
} as const satisfies Record<SpanFault, { path: string; message: string }>;

/** Vital signs over a span: health data, so whoever may read the person's file, and every look leaves a trace. */
export function observationRoutes(deps: ObservationRouteDeps): RouteModule {
  const { load, directory, caseFiles, note, nowMs } = deps;
  return {
    name: 'observations',
    prefix: '/api/v1',
    register: (app) => {
      app.get(
        '/residents/:id/observations',
        {
          schema: {
            description: 'One metric over a span in whole buckets; flagged readings stand apart and are in no average',
            params: Type.Object({ id: Id }),
            querystring: ObservationQuery,
            response: { 200: Observations, 400: Problem, 404: Problem, 503: Problem },
          },
        },
        async ({ actor, params, query }) => {
          const resident = directory().resident(params.id);
          if (
            resident === undefined ||
            !(canSeeResident(directory(), actor, resident) || caseFiles.resident(actor, resident))
          ) {
            throw new ProblemError('not-found');
          }
          const { metric, bucket, offset } = query;
          const toMs = query.to === undefined ? nowMs() : Date.parse(query.to);
          const fromMs = query.from === undefined ? toMs - DAY_MS : Date.parse(query.from);
          const span = planSpan({ fromMs, toMs, bucket, offset });
          if (typeof span === 'string') {
            const fault = FAULTS[span];
            throw new ProblemError('bad-request', fault.message, { errors: [fault] });
          }
          const found = await load({ residentId: resident.id, metric }, span);
          note('observations-read', formatActor(actor), { residentId: resident.id, metric });
          const unit = findMetric(metric)?.unit ?? null;
          const ends = { from: formatIso(span.fromMs), to: formatIso(span.toMs) };
          return { metric, unit, bucket: span.bucket, ...ends, ...found };
        },
      );
    },
  };
}
