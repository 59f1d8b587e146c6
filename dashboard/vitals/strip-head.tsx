import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../console/word.ts';
import { formatValue, formatWhen, type Locale } from './format.ts';
import { calcLatest, sayWidth } from './latest.ts';
import { formatLimit, type Limit } from './limits.ts';
import type { Series } from './series.ts';

type StripHeadProps = {
  readonly series: Series;
  readonly limits: readonly Limit[];
  readonly isSecond: boolean;
  readonly nowMs: number;
  readonly locale: Locale;
  readonly readout: Ref<HTMLSpanElement>;
};

/** A wider bucket says little of when: then its time is about (chosen). */
const SHORT_MS = 15 * 60_000;

/** A line in words: what it is, what lies beyond its limits now, its newest value, and how far it went. */
export function StripHead({ series, limits, isSecond, nowMs, locale, readout }: StripHeadProps) {
  const { t } = useTranslation();
  const say = useSay();
  const { metric, unit, flagged } = series;
  const format = (value: number): string => formatValue(metric, value, locale);
  const latest = calcLatest(series, limits);
  const unitWords = unit === null ? '' : say(`words.unit.${unit}`, {}, unit);
  const time = latest === null ? '' : formatWhen(latest.atMs, nowMs, locale);
  const width = sayWidth(series.bucketMs);
  const limit = limits.find((one) => one.metric === metric);
  const limitText = limit === undefined ? null : formatLimit(limit, (_, value) => format(value));
  return (
    <p className="strip-head" data-metric={metric}>
      <span className="sample" data-second={isSecond} aria-hidden="true" />
      <strong>{say(`words.metric.${metric}`, {}, metric)}</strong>
      {latest === null ? (
        <span className="muted">{flagged.length > 0 ? t('vitals.flaggedOnly') : t('vitals.noneOfMetric')}</span>
      ) : (
        <>
          {latest.beyond.map(({ standing, value }) => (
            <span key={standing} className="value" data-standing={standing}>
              {standing === 'low' ? '▼' : '▲'} <b>{format(value)}</b> {unitWords} {t(`vitals.${standing}`)}
            </span>
          ))}
          {(latest.isAverage || latest.beyond.length === 0) && (
            <span className="value">
              <b>{format(latest.value)}</b> {unitWords} {latest.isAverage && t(`vitals.average.${width.unit}`, width)}
            </span>
          )}
          <span className="muted">{series.bucketMs <= SHORT_MS ? time : t('vitals.around', { time })}</span>
          <span className="muted">{t('vitals.range', { min: format(latest.min), max: format(latest.max) })}</span>
        </>
      )}
      {limitText !== null && <span className="limit">{t('vitals.limit', { limit: limitText })}</span>}
      <span ref={readout} className="readout" aria-hidden="true" />
    </p>
  );
}
