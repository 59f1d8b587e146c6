import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNote } from '../api/failure-note.tsx';
import type { Failure } from '../api/failure.ts';
import { useServices } from '../console/services.ts';
import { Modal } from '../dialog/modal.tsx';

type LeaveProps = {
  readonly ownedCount: number;
  readonly onClose: () => void;
};

/** Log-out. Whoever still holds cases is told what becomes of them; an accepted hand-over comes with a later slice. */
export function Leave({ ownedCount, onClose }: LeaveProps) {
  const { t } = useTranslation();
  const { api, session } = useServices();
  const [failure, setFailure] = useState<Failure | null>(null);

  async function leave(): Promise<void> {
    // The gateway ends the shift with it, unless the same person can be heard at another computer.
    const result = await api.send('DELETE', '/session');
    if (result.ok || result.failure.code === 'unauthenticated') session.end();
    else setFailure(result.failure);
  }

  return (
    <Modal heading={t('shell.leave.heading')} onClose={onClose} tone={ownedCount > 0 ? 'alert' : 'plain'}>
      {ownedCount > 0 && <p role="alert">{t('shell.leave.mine', { count: ownedCount })}</p>}
      <FailureNote failure={failure} />
      <div className="buttons">
        <button type="button" className="primary" data-first onClick={onClose}>
          {t('shell.leave.stay')}
        </button>
        <button type="button" onClick={() => void leave()}>
          {t('shell.leave.confirm')}
        </button>
      </div>
    </Modal>
  );
}
