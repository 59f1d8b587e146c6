import { useId, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import type { Overlay } from './draw.ts';
import { formatValue, localeOf } from './format.ts';
import type { Limit } from './limits.ts';
import { leadOf, type Mark } from './marks.ts';
import { ReadingsTable } from './readings-table.tsx';
import type { Series } from './series.ts';
import type { Bounds } from './span.ts';
import { StripHead } from './strip-head.tsx';
import { StripView } from './strip.tsx';
import { planStrips } from './strips.ts';
import { usePalette } from './use-palette.ts';

type ChartProps = {
  readonly series: readonly Series[];
  readonly bounds: Bounds;
  readonly limits: readonly Limit[];
  readonly marks: readonly Mark[];
  /** CSS pixels of one strip's picture. */
  readonly plotHeight: number;
  readonly onZoom: (bounds: Bounds) => void;
};

/** Strips below each other over one time axis, and the same as a table. */
export function Chart({ series, bounds, limits, marks, plotHeight, onZoom }: ChartProps) {
  const { t, i18n } = useTranslation();
  const say = useSay();
  const { ticker } = useServices();
  const palette = usePalette();
  const syncKey = useId();
  const captionId = useId();
  const locale = useMemo(() => localeOf(i18n.language), [i18n.language]);
  const strips = useMemo(() => planStrips(series, limits), [series, limits]);
  const overlay = useMemo(
    (): Overlay => ({
      marks,
      palette,
      labelOf: ({ marks: at }) => {
        const type = leadOf(at)?.type ?? '';
        const words = say(`words.type.${type}`, {}, type);
        return at.length === 1 ? words : t('vitals.markMany', { type: words, count: at.length });
      },
      limitLabelOf: (metric, value, isShared) => {
        const label = t('vitals.limitLabel', { value: formatValue(metric, value, locale) });
        return isShared ? `${say(`words.metric.${metric}`, {}, metric)} ${label}` : label;
      },
    }),
    [marks, palette, say, t, locale],
  );
  const nowMs = ticker.shownMs();
  const drawn = strips.filter((strip) => strip.series.some((one) => one.points.length + one.flagged.length > 0));
  const empty = strips.filter((strip) => !drawn.includes(strip)).flatMap((strip) => strip.series);
  return (
    <figure className="chart" aria-labelledby={captionId}>
      {drawn.map((strip, index) => (
        <StripView
          key={strip.key}
          strip={strip}
          bounds={bounds}
          overlay={overlay}
          locale={locale}
          plotHeight={plotHeight}
          syncKey={syncKey}
          isTop={index === 0}
          isBottom={index === drawn.length - 1}
          nowMs={nowMs}
          onZoom={onZoom}
        />
      ))}
      {empty.map((one) => (
        <StripHead
          key={one.metric}
          series={one}
          limits={limits}
          isSecond={false}
          nowMs={nowMs}
          locale={locale}
          readout={null}
        />
      ))}
      <figcaption id={captionId} className="muted">
        {t('vitals.key')}
      </figcaption>
      <ReadingsTable series={series} limits={limits} marks={marks} bounds={bounds} locale={locale} nowMs={nowMs} />
    </figure>
  );
}
