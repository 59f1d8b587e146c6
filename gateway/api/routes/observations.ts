import { Type } from 'typebox';
import { findMetric } from '../../../devices/vital-metrics.ts';
import { formatIso } from '../../clock.ts';
import type { Directory } from '../../registry/directory.ts';
import { roundToHours, type MetricsSpan } from '../../telemetry/observations/load-metrics.ts';
import { judgeEnds, planSpan, type Span, type SpanFault } from '../../telemetry/observations/span.ts';
import { formatActor } from '../auth/actor.ts';
import type { CaseFiles } from '../auth/case-files.ts';
import type { NoteAudit } from '../auth/note-log-ins.ts';
import { Measured, MeasuredQuery, ObservationQuery, Observations } from '../contract/observations.ts';
import { Id } from '../contract/primitives.ts';
import { Problem } from '../contract/problem.ts';
import { ProblemError } from '../problems.ts';
import type { RouteModule } from '../route.ts';
import { findReadable } from './find-resident.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export type ObservationRouteDeps = {
  /** Throws StoreError. */
  readonly load: (
    of: { readonly residentId: string; readonly metric: string },
    span: Span,
  ) => Promise<Pick<Observations, 'points' | 'flagged'>>;
  /** Names of metrics, in their order. Throws StoreError. */
  readonly loadMetrics: (residentId: string, span: MetricsSpan) => Promise<readonly string[]>;
  readonly directory: () => Directory;
  readonly caseFiles: Pick<CaseFiles, 'resident'>;
  readonly note: NoteAudit;
  readonly nowMs: () => number;
};

/** As long as readings are kept where nothing else is set. */
const MEASURED_MS = 90 * DAY_MS;

const FAULTS = {
  reversed: { path: '/querystring/to', message: 'must be after `from`' },
  'out-of-range': { path: '/querystring/to', message: 'must end before 2200, and begin in 1970 or later' },
  'too-many-points': { path: '/querystring/bucket', message: 'must be wider for this span: 5000 points at most' },
  'too-long': { path: '/querystring/bucket', message: 'must be `1h` or wider for more than 31 days' },
} as const satisfies Record<SpanFault, { path: string; message: string }>;

/** Vital signs over a span: health data, so whoever may read the person's file, and every look leaves a trace. */
export function observationRoutes(deps: ObservationRouteDeps): RouteModule {
  const { load, loadMetrics, note, nowMs } = deps;
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
          const resident = findReadable(deps, actor, params.id);
          const { metric, bucket, offset } = query;
          const span = planSpan({ ...readEnds(query, nowMs(), DAY_MS), bucket, offset });
          if (typeof span === 'string') throw faultOf(span);
          const found = await load({ residentId: resident.id, metric }, span);
          note('observations-read', formatActor(actor), { residentId: resident.id, metric });
          const unit = findMetric(metric)?.unit ?? null;
          const ends = { from: formatIso(span.fromMs), to: formatIso(span.toMs) };
          return { metric, unit, bucket: span.bucket, ...ends, ...found };
        },
      );
      app.get(
        '/residents/:id/measured',
        {
          schema: {
            description: 'Which metrics there are of a person over a span, whichever devices they wore',
            params: Type.Object({ id: Id }),
            querystring: MeasuredQuery,
            response: { 200: Measured, 400: Problem, 404: Problem, 503: Problem },
          },
        },
        async ({ actor, params, query }) => {
          const resident = findReadable(deps, actor, params.id);
          const ends = readEnds(query, nowMs(), MEASURED_MS);
          const fault = judgeEnds(ends);
          if (fault !== null) throw faultOf(fault);
          const span = roundToHours(ends);
          const metrics = await loadMetrics(resident.id, span);
          note('observations-read', formatActor(actor), { residentId: resident.id, metric: null });
          return {
            from: formatIso(span.fromMs),
            to: formatIso(span.toMs),
            items: metrics.map((metric) => ({ metric, unit: findMetric(metric)?.unit ?? null })),
          };
        },
      );
    },
  };
}

type Ends = { readonly from?: string | undefined; readonly to?: string | undefined };

function readEnds({ from, to }: Ends, nowMs: number, usualMs: number): { fromMs: number; toMs: number } {
  const toMs = to === undefined ? nowMs : Date.parse(to);
  return { fromMs: from === undefined ? toMs - usualMs : Date.parse(from), toMs };
}

function faultOf(fault: SpanFault): ProblemError {
  const error = FAULTS[fault];
  return new ProblemError('bad-request', error.message, { errors: [error] });
}
