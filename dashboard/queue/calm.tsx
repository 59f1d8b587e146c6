import { useTranslation } from 'react-i18next';
import { formatMoment } from '../clock/format.ts';
import { useNow } from '../console/services.ts';
import type { Liveness } from '../feed/liveness.ts';

type CalmProps = {
  readonly liveness: Liveness;
  readonly isAnybodyWaiting: boolean;
  readonly isQueueEmpty: boolean;
  readonly lastAlarmAt: number | null;
};

/** What stands in the place of a case when none is open. "Nobody waits" is only said while it is known to be true. */
export function Calm({ liveness, isAnybodyWaiting, isQueueEmpty, lastAlarmAt }: CalmProps) {
  const { t } = useTranslation();
  const nowMs = useNow();
  const isKnown = liveness.kind === 'proven';
  return (
    <section className="calm" aria-label={t('incident.panel')}>
      {isKnown && !isAnybodyWaiting && (
        <p className="big">{isQueueEmpty ? t('queue.calm.nobody') : t('queue.calm.worked')}</p>
      )}
      {!isQueueEmpty && <p>{t('queue.calm.choose')}</p>}
      <p>
        {lastAlarmAt === null
          ? t('queue.calm.never')
          : t('queue.calm.last', { time: formatMoment(lastAlarmAt, nowMs) })}
      </p>
      {isKnown && <p>{t('queue.calm.proven', { seconds: Math.floor(liveness.ageMs / 1000) })}</p>}
    </section>
  );
}
