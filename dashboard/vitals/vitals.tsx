import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import { Chart } from './chart.tsx';
import { localeOf } from './format.ts';
import type { Limit } from './limits.ts';
import { chooseFirst, sortMetrics } from './metrics.ts';
import { NoMetrics, Nothing, Notices } from './notices.tsx';
import type { Shared } from './measured.ts';
import { SharedNotes } from './shared-notes.tsx';
import { SpanBar } from './span-bar.tsx';
import type { SpanCases } from './load-cases.ts';
import { calcBounds, SHORTEST_MS, type Span } from './span.ts';
import { useLimits } from './use-limits.ts';
import { useMarks, type Own } from './use-marks.ts';
import { useSeries } from './use-series.ts';
import { useSpanCases } from './use-span-cases.ts';
import { useStored } from './use-stored.ts';
import './vitals.css';
import 'uplot/dist/uPlot.min.css';

export type VitalsProps = {
  readonly residentId: string;
  /** What the person's own devices measure now; empty: none does. */
  readonly metrics: readonly string[];
  readonly shared: readonly Shared[];
  /** What the case is about: shown from the start. */
  readonly about: readonly string[];
  /** The case in which the chart stands; null: on a page. */
  readonly own: Own | null;
  readonly plotHeight: number;
};

const NO_LIMITS: readonly Limit[] = [];
const NO_CASES: SpanCases = { items: [], isCut: false };

/** Vital signs of one person over time. In a file of its own that is loaded when it is first shown. */
export function Vitals({ residentId, metrics, shared, about, own, plotHeight }: VitalsProps) {
  const { t, i18n } = useTranslation();
  const say = useSay();
  const { ticker } = useServices();
  const [span, setSpan] = useState<Span>({ kind: 'last', preset: '24h' });
  const [picked, setPicked] = useState<readonly string[] | null>(null);
  const [isRead, setIsRead] = useState(false);
  const stored = useStored(residentId, span, isRead || metrics.length + about.length === 0);
  const offered = sortMetrics([...metrics, ...about, ...(stored?.metrics ?? [])]);
  const chosen = picked ?? chooseFirst(offered, about);
  const state = useSeries(residentId, chosen, span);
  // Readings first, then what else there is of this person, then earlier alarms.
  if (state.kind === 'read' && !isRead) setIsRead(true);
  const limits = useLimits(residentId);
  const isAnswered = state.kind === 'read' && state.answered === span;
  const cases = useSpanCases(residentId, span, isAnswered && stored !== null);
  const read = cases?.ok === true ? cases.value : NO_CASES;
  const marks = useMarks(residentId, own, read.items);
  const locale = useMemo(() => localeOf(i18n.language), [i18n.language]);
  const nowMs = ticker.shownMs();
  const bounds = state.kind === 'read' ? state.bounds : calcBounds(span, nowMs);

  function toggle(metric: string): void {
    const next = chosen.includes(metric) ? chosen.filter((one) => one !== metric) : [...chosen, metric];
    // An empty chart says nothing: the last one stays.
    if (next.length > 0) setPicked(sortMetrics(next));
  }

  return (
    <>
      <div className="vitals-controls">
        <SpanBar span={span} bounds={bounds} nowMs={nowMs} locale={locale} onSpan={setSpan} />
        {offered.length > 1 && (
          <div role="group" aria-label={t('vitals.metrics')} className="toggles">
            {offered.map((metric) => (
              <button key={metric} type="button" aria-pressed={chosen.includes(metric)} onClick={() => toggle(metric)}>
                {say(`words.metric.${metric}`, {}, metric)}
              </button>
            ))}
          </div>
        )}
      </div>
      <SharedNotes shared={shared} />
      {offered.length === 0 ? (
        <NoMetrics stored={stored} isShared={shared.length > 0} />
      ) : (
        <Notices
          state={state}
          hasNoLimits={limits?.ok === false}
          missing={cases?.ok === false ? 'all' : read.isCut ? 'older' : null}
          nowMs={nowMs}
          locale={locale}
        />
      )}
      {offered.length > 0 &&
        state.kind === 'read' &&
        (state.series.every(({ points, flagged }) => points.length + flagged.length === 0) ? (
          <Nothing lastWeek={state.lastWeek} locale={locale} onSpan={setSpan} />
        ) : (
          <Chart
            series={state.series}
            bounds={state.bounds}
            limits={limits?.ok === true ? limits.value.limits : NO_LIMITS}
            marks={marks}
            plotHeight={plotHeight}
            onZoom={(zoomed) => {
              if (zoomed.toMs - zoomed.fromMs >= SHORTEST_MS) setSpan({ kind: 'fixed', ...zoomed });
            }}
          />
        ))}
    </>
  );
}
