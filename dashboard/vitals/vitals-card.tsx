import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { CrashBoundary } from '../crash/boundary.tsx';
import { useMeasured } from './use-measured.ts';
import type { VitalsProps } from './vitals.tsx';

/** A file of its own: what rings and who is to be called never waits for a chart. */
const Vitals = lazy(async () => ({ default: (await import('./vitals.tsx')).Vitals }));

type VitalsCardProps = Pick<VitalsProps, 'residentId' | 'about' | 'own' | 'plotHeight'>;

/** The chart in its frame. Whatever goes wrong in it stays in it: the case around it must go on. */
export function VitalsCard({ residentId, ...rest }: VitalsCardProps) {
  const { t } = useTranslation();
  const measured = useMeasured(residentId);
  return (
    <section className="card vitals" aria-labelledby="vitals-heading">
      <h3 id="vitals-heading">{t('vitals.heading')}</h3>
      <CrashBoundary fallback={<p className="warning">{t('vitals.broken')}</p>}>
        <Suspense fallback={<p className="muted">{t('vitals.loading')}</p>}>
          {measured.kind === 'known' && (
            <Vitals residentId={residentId} metrics={measured.metrics} shared={measured.shared} {...rest} />
          )}
          {measured.kind === 'reading' && <p className="muted">{t('vitals.loading')}</p>}
          {measured.kind === 'missing' && <p className="warning">{t('vitals.forbidden')}</p>}
          {measured.kind === 'failed' && <p className="warning">{t('vitals.away')}</p>}
        </Suspense>
      </CrashBoundary>
    </section>
  );
}
