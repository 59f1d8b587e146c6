import { useTranslation } from 'react-i18next';
import type { Failure } from '../api/failure.ts';
import { formatDay, formatWhen, type Locale } from './format.ts';
import type { Bounds, Span } from './span.ts';
import type { Stored } from './use-stored.ts';
import type { SeriesState } from './use-series.ts';

type NothingProps = {
  readonly lastWeek: Bounds | null;
  readonly locale: Locale;
  readonly onSpan: (span: Span) => void;
};

/** There is nothing to draw: whether ever, and where the last readings lie. */
export function Nothing({ lastWeek, locale, onSpan }: NothingProps) {
  const { t } = useTranslation();
  if (lastWeek === null) return <p className="vitals-empty">{t('vitals.never')}</p>;
  return (
    <p className="vitals-empty">
      {t('vitals.noneInSpan')}{' '}
      <button type="button" onClick={() => onSpan({ kind: 'fixed', ...lastWeek })}>
        {t('vitals.showLast', { day: formatDay((lastWeek.fromMs + lastWeek.toMs) / 2, locale) })}
      </button>
    </p>
  );
}

type NoMetricsProps = { readonly stored: Stored | null; readonly isShared: boolean };

/** Nobody knows of any metric of this person: because none is stored, or because it is not known yet what is. */
export function NoMetrics({ stored, isShared }: NoMetricsProps) {
  const { t } = useTranslation();
  if (stored === null || stored.hasFailed) {
    return (
      <p role="status" className={stored === null ? 'muted' : 'warning'}>
        {t(stored === null ? 'vitals.loading' : 'vitals.away')}
      </p>
    );
  }
  return isShared ? null : <p className="vitals-empty">{t('vitals.noDevice')}</p>;
}

type NoticesProps = {
  readonly state: SeriesState;
  readonly hasNoLimits: boolean;
  /** Alarms of the span that are not marked: all but those that the console holds, or older ones of very many. */
  readonly missing: 'all' | 'older' | null;
  readonly nowMs: number;
  readonly locale: Locale;
};

/** What stands in the way of believing the picture. */
export function Notices({ state, hasNoLimits, missing, nowMs, locale }: NoticesProps) {
  const { t } = useTranslation();
  if (state.kind === 'loading') {
    return (
      <p role="status" className="muted">
        {t('vitals.loading')}
      </p>
    );
  }
  if (state.kind === 'failed') return <WhyNot failure={state.failure} />;
  return (
    <>
      {state.failure !== null && (
        <p role="status" className="warning">
          {t('vitals.stale', { time: formatWhen(state.bounds.toMs, nowMs, locale) })}
        </p>
      )}
      {hasNoLimits && <p className="warning">{t('vitals.noLimits')}</p>}
      {missing === 'all' && <p className="warning">{t('vitals.noCases')}</p>}
      {missing === 'older' && <p className="warning">{t('vitals.manyCases')}</p>}
    </>
  );
}

function WhyNot({ failure }: { readonly failure: Failure }) {
  const { t } = useTranslation();
  const isBarred = failure.code === 'forbidden';
  return (
    <div role="status">
      <p className="warning">{isBarred ? t('vitals.forbidden') : t('vitals.away')}</p>
      {!isBarred && <p className="muted">{t('vitals.awayHint')}</p>}
    </div>
  );
}
