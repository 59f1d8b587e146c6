import { useTranslation } from 'react-i18next';
import { Modal } from '../dialog/modal.tsx';

const KEYS = [
  ['j k ↓ ↑', 'move'],
  ['Enter', 'open'],
  ['c', 'claim'],
  ['n', 'note'],
  ['r', 'resolve'],
  ['0–9', 'call'],
  ['h', 'byHand'],
  ['m', 'mute'],
  ['Esc', 'back'],
  ['?', 'help'],
] as const;

type HelpProps = {
  readonly areSingleKeysOn: boolean;
  readonly onSingleKeys: (isOn: boolean) => void;
  readonly onClose: () => void;
};

export function Help({ areSingleKeysOn, onSingleKeys, onClose }: HelpProps) {
  const { t } = useTranslation();
  return (
    <Modal heading={t('shell.help.heading')} onClose={onClose}>
      <dl className="keys">
        {KEYS.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(`shell.help.${meaning}`)}</dd>
          </div>
        ))}
      </dl>
      <label className="check">
        <input type="checkbox" checked={areSingleKeysOn} onChange={(event) => onSingleKeys(event.target.checked)} />
        {t('shell.help.single')}
      </label>
      <div className="buttons">
        <button type="button" className="primary" data-first onClick={onClose}>
          {t('shell.help.close')}
        </button>
      </div>
    </Modal>
  );
}
