import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../console/word.ts';
import { formatValue, formatWhen } from './format.ts';
import type { PlotOptions } from './plot.ts';
import { findNear, type Series } from './series.ts';
import { StripHead } from './strip-head.tsx';
import { StripPlot } from './strip-plot.tsx';

type StripProps = Omit<PlotOptions, 'width' | 'height' | 'onHover'> & {
  readonly plotHeight: number;
  readonly nowMs: number;
};

/** Lines of one scale: their newest values in words, and the picture. A strip without any reading is only words. */
export function StripView({ nowMs, ...options }: StripProps) {
  const { t } = useTranslation();
  const say = useSay();
  const readouts = useRef<Map<string, HTMLSpanElement>>(new Map());
  const { strip, locale } = options;

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

  /** Not through React: the mouse moves more often than anything else here changes. */
  function showReadouts(atMs: number | null): void {
    for (const series of strip.series) {
      const readout = readouts.current.get(series.metric);
      if (readout !== undefined) readout.textContent = atMs === null ? '' : wordsAt(series, atMs);
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
