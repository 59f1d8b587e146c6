import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../clock/format.ts';
import { useNow } from '../console/services.ts';
import { Modal } from '../dialog/modal.tsx';
import { LogInForm } from './log-in-form.tsx';

type SessionEndProps = {
  readonly username: string;
  readonly expiresAt: string;
  readonly isEnded: boolean;
};

/** Time enough to finish a case and log in again before the session ends under it (chosen). */
const WARN_MS = 15 * 60_000;

/** Warns before the session ends; when it has, asks for the password over the screen, which keeps everything typed. */
export function SessionEnd({ username, expiresAt, isEnded }: SessionEndProps) {
  const { t } = useTranslation();
  const nowMs = useNow();
  const [isAsking, setAsking] = useState(false);
  const [askedFor, setAskedFor] = useState(expiresAt);
  if (askedFor !== expiresAt) {
    // A new session has begun.
    setAskedFor(expiresAt);
    setAsking(false);
  }
  if (isEnded || isAsking) {
    return (
      <Modal
        key={isEnded ? 'ended' : 'ending'}
        heading={isEnded ? t('shell.login.again') : t('shell.login.heading')}
        tone={isEnded ? 'alert' : 'plain'}
        {...(isEnded ? {} : { onClose: () => setAsking(false) })}
      >
        {isEnded && <p>{t('shell.login.againHint')}</p>}
        <LogInForm username={username} />
      </Modal>
    );
  }
  const endsAtMs = Date.parse(expiresAt);
  if (endsAtMs - nowMs > WARN_MS) return null;
  return (
    <div className="session-ends" role="status">
      {t('shell.bar.sessionEnds', { time: formatTime(endsAtMs) })}
      <button type="button" onClick={() => setAsking(true)}>
        {t('shell.bar.relogin')}
      </button>
    </div>
  );
}
