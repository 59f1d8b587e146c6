import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Limit } from '../../gateway/api/contract/limits.ts';
import { formatMoment } from '../clock/format.ts';
import { useServices } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import { formatValue, localeOf } from '../vitals/format.ts';
import { formatLimit } from '../vitals/limits.ts';
import { useLimits } from '../vitals/use-limits.ts';

/** Beyond what it rings for this person. */
export function LimitList({ residentId }: { readonly residentId: string }) {
  const { t, i18n } = useTranslation();
  const say = useSay();
  const { ticker } = useServices();
  const answer = useLimits(residentId);
  const locale = useMemo(() => localeOf(i18n.language), [i18n.language]);
  return (
    <section className="card" aria-labelledby="limits-heading">
      <h3 id="limits-heading">{t('vitals.page.limits')}</h3>
      {answer === null && <p className="muted">{t('vitals.page.loading')}</p>}
      {answer?.ok === false && <p className="warning">{t('vitals.page.failed')}</p>}
      {answer?.ok === true && answer.value.limits.length === 0 && <p>{t('vitals.page.limitsNone')}</p>}
      {answer?.ok === true && (
        <>
          <dl>
            {answer.value.limits.map(({ unit, source, ...limit }) => (
              <div key={limit.metric} className="limit-line">
                <dt>{say(`words.metric.${limit.metric}`, {}, limit.metric)}</dt>
                <dd>
                  {formatLimit(limit, (metric, value) => formatValue(metric, value, locale)) ?? t('vitals.none')}{' '}
                  {say(`words.unit.${unit}`, {}, unit)}{' '}
                  <span className={source === 'own' ? 'strong' : 'muted'}>
                    {source === 'own' ? t('vitals.page.own') : t('vitals.page.standard')}
                  </span>
                </dd>
              </div>
            ))}
          </dl>
          <Sources limits={answer.value.limits} />
          {answer.value.recordedAt !== null && (
            <p className="muted">
              {t('vitals.page.recorded', { time: formatMoment(Date.parse(answer.value.recordedAt), ticker.shownMs()) })}
            </p>
          )}
        </>
      )}
    </section>
  );
}

/** Where defaults come from, once for all that stand there. */
function Sources({ limits }: { readonly limits: readonly Limit[] }) {
  const { t } = useTranslation();
  const sources = [...new Set(limits.map(({ source }) => source))].filter(
    (source) => !['own', 'chosen'].includes(source),
  );
  if (sources.length === 0) return null;
  return <p className="muted">{t('vitals.page.sources', { sources: sources.join(' · ') })}</p>;
}
