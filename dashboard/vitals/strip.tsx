import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../console/word.ts';
import { formatValue, formatWhen } from './format.ts';
import { marksNear } from './marks.ts';
import type { PlotOptions } from './plot.ts';
import { findNear, type Series } from './series.ts';
import { StripHead } from './strip-head.tsx';
import { StripPlot } from './strip-plot.tsx';

type StripProps = Omit<PlotOptions, 'width' | 'height' | 'onHover'> & {
  readonly plotHeight: number;
  readonly nowMs: number;
};

/** An alarm is under the mouse from so near, as a part of the span; chosen. */
const NEAR = 0.006;
/** As many have room in a line of words. */
const MOST_NAMED = 3;

/** Lines of one scale: their newest values in words, and the picture. A strip without any reading is only words. */
export function StripView({ nowMs, ...options }: StripProps) {
  const { t } = useTranslation();
  const say = useSay();
  const readouts = useRef<Map<string, HTMLSpanElement>>(new Map());
  const { strip, locale, bounds, overlay, isTop } = options;

  function wordsAt(series: Series, atMs: number): string {
    const point = findNear(series, atMs);
    if (point === null) return '';
    const format = (value: number): string => formatValue(series.metric, value, locale);
    return t('vitals.readout', {
      time: formatWhen(point.atMs, nowMs, locale),
      value: format(point.avg),
      unit: series.unit === null ? '' : say(`words.unit.${series.unit}`, {}, series.unit),
      min: format(point.min),
      max: format(point.max),
    });
  }

  /** Words of the alarms there, over the first strip alone: what had no room in the picture. */
  function alarmsAt(atMs: number): string {
    return marksNear(overlay.marks, atMs, (bounds.toMs - bounds.fromMs) * NEAR)
      .slice(0, MOST_NAMED)
      .map((mark) => `▼ ${say(`words.type.${mark.type}`, {}, mark.type)} ${formatWhen(mark.atMs, nowMs, locale)}　`)
      .join('');
  }

  /** Not through React: the mouse moves more often than anything else here changes. */
  function showReadouts(atMs: number | null): void {
    for (const [index, series] of strip.series.entries()) {
      const readout = readouts.current.get(series.metric);
      if (readout !== undefined) {
        const alarms = atMs !== null && isTop && index === 0 ? alarmsAt(atMs) : '';
        readout.textContent = atMs === null ? '' : alarms + wordsAt(series, atMs);
      }
    }
  }

  return (
    <div className="strip">
      {strip.series.map((series, index) => (
        <StripHead
          key={series.metric}
          series={series}
          limits={strip.limits}
          isSecond={index > 0}
          nowMs={nowMs}
          locale={locale}
          readout={(element) => {
            if (element === null) readouts.current.delete(series.metric);
            else readouts.current.set(series.metric, element);
          }}
        />
      ))}
      <StripPlot {...options} onHover={showReadouts} />
    </div>
  );
}
