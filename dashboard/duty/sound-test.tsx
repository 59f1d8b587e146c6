import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../console/services.ts';
import { Modal } from '../dialog/modal.tsx';

type SoundTestProps = {
  readonly onHeard: () => void;
  readonly onClose: () => void;
};

/** Plays the most urgent sound until the person says whether it is heard: only a person can prove a loudspeaker. */
export function SoundTest({ onHeard, onClose }: SoundTestProps) {
  const { t } = useTranslation();
  const { player } = useServices();
  const state = useSyncExternalStore(player.subscribe, player.state);
  const [heardNothing, setHeardNothing] = useState(false);
  useEffect(() => {
    player.play(null);
    player.play('high');
    return () => player.play(null);
  }, [player]);

  function playAgain(): void {
    setHeardNothing(false);
    void player.unlock().then(() => {
      player.play(null);
      player.play('high');
    });
  }

  const isPlaying = state === 'running' && !heardNothing;
  return (
    <Modal heading={t('shell.proof.heading')} onClose={onClose}>
      <p role="status">{state === 'running' ? t('shell.proof.playing') : t('shell.proof.locked')}</p>
      {isPlaying && <p className="question">{t('shell.proof.ask')}</p>}
      {heardNothing && (
        <p role="alert" className="failure">
          {t('shell.proof.noHint')}
        </p>
      )}
      <div className="buttons">
        {isPlaying ? (
          <>
            <button type="button" className="primary" data-first onClick={onHeard}>
              {t('shell.proof.yes')}
            </button>
            <button
              type="button"
              onClick={() => {
                player.play(null);
                setHeardNothing(true);
              }}
            >
              {t('shell.proof.no')}
            </button>
          </>
        ) : (
          <button type="button" className="primary" data-first onClick={playAgain}>
            {t('shell.proof.again')}
          </button>
        )}
        <button type="button" className="quiet" onClick={onClose}>
          {t('shell.proof.cancel')}
        </button>
      </div>
    </Modal>
  );
}
