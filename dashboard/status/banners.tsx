import { useTranslation } from 'react-i18next';
import { formatElapsed, formatTime } from '../clock/format.ts';
import { useNow, useServices } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import type { DutyHandle } from '../duty/use-duty.ts';
import type { FeedView } from '../feed/feed-store.ts';
import type { Liveness } from '../feed/liveness.ts';
import type { Sound } from '../sound/use-sound.ts';

type BannersProps = {
  readonly view: FeedView;
  readonly liveness: Liveness;
  readonly sound: Sound;
  readonly duty: DutyHandle;
  readonly onTestSound: () => void;
};

/** Everything that makes the screen less than it seems, across its whole width, worst first. */
export function Banners({ view, liveness, sound, duty, onTestSound }: BannersProps) {
  const { t } = useTranslation();
  const nowMs = useNow();
  return (
    <div className="banners">
      {liveness.kind === 'lost' && <LostBanner view={view} forMs={liveness.forMs} />}
      {!duty.isSoundOk && (
        <div className="banner" data-tone="alert" role="alert">
          <strong>{duty.wasProven ? t('shell.banner.soundLocked') : t('shell.banner.sound')}</strong>
          <span>{t('shell.banner.soundHint')}</span>
          <button type="button" className="primary" onClick={onTestSound}>
            {t('shell.banner.soundAction')}
          </button>
        </div>
      )}
      {liveness.kind !== 'lost' && !view.isPresenceConfirmed && (
        <div className="banner" data-tone="warn" role="alert">
          <strong>{t('shell.banner.presence')}</strong>
        </div>
      )}
      {view.status?.degraded === true && liveness.kind !== 'lost' && <DegradedBanner view={view} />}
      {sound.mutedUntilMs !== null && (
        <div className="banner" data-tone="warn" role="status">
          <strong>{t('shell.banner.muted', { time: formatElapsed(sound.mutedUntilMs - nowMs) })}</strong>
          <button type="button" onClick={sound.unmute}>
            {t('shell.bar.unmute')}
          </button>
        </div>
      )}
    </div>
  );
}

function LostBanner({ view, forMs }: { readonly view: FeedView; readonly forMs: number }) {
  const { t } = useTranslation();
  const { ticker } = useServices();
  return (
    <div className="banner lost" data-tone="alert" role="alert">
      <strong>{t('shell.banner.lost')}</strong>
      <span>
        {view.isLoaded
          ? t('shell.banner.lostAsOf', { time: formatTime((view.asOfMs ?? Date.now()) + ticker.nowMs() - Date.now()) })
          : t('shell.banner.lostNever')}
      </span>
      <span className="clock">{t('shell.banner.reconnecting', { elapsed: formatElapsed(forMs) })}</span>
    </div>
  );
}

function DegradedBanner({ view }: { readonly view: FeedView }) {
  const { t } = useTranslation();
  const say = useSay();
  const affected = Object.entries(view.status?.checks ?? {}).filter(([, check]) => check.status !== 'ok');
  return (
    <div className="banner" data-tone="warn" role="alert">
      <strong>{t('shell.banner.degraded')}</strong>
      <ul>
        {affected.map(([name]) => (
          <li key={name}>{say(`shell.check.${name}`, {}, name)}</li>
        ))}
      </ul>
    </div>
  );
}
