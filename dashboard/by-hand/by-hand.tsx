import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import { FailureNote } from '../api/failure-note.tsx';
import { useCommand } from '../api/use-command.ts';
import { useServices } from '../console/services.ts';
import { useDraft } from '../dialog/drafts.ts';
import { Modal } from '../dialog/modal.tsx';
import { BY_HAND_TYPES, SOURCES } from '../incident/codes.ts';
import { buildByHand, EMPTY_BY_HAND } from './draft.ts';
import { ResidentSearch } from './resident-search.tsx';

type ByHandProps = {
  readonly onOpened: (id: string) => void;
  readonly onClose: () => void;
};

/** A case without a device: a neighbour phones, "old Wang does not open". */
export function ByHand({ onOpened, onClose }: ByHandProps) {
  const { t } = useTranslation();
  const { api, feed, drafts } = useServices();
  const draft = useDraft(drafts, 'by-hand', EMPTY_BY_HAND);
  const command = useCommand();
  const [wasTried, setTried] = useState(false);
  const { value } = draft;
  const built = buildByHand(value);

  async function send(): Promise<void> {
    setTried(true);
    if (!built.ok) return;
    const { body } = built;
    await command.run(
      body,
      (key) => api.send<Incident>('POST', '/incidents', body, key),
      (opened) => {
        draft.drop();
        feed.learn(opened);
        onClose();
        onOpened(opened.id);
      },
    );
  }

  return (
    <Modal heading={t('queue.byHand.heading')} onClose={onClose}>
      <form
        className="by-hand"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <ResidentSearch residentId={value.residentId} onChoose={(residentId) => draft.set({ ...value, residentId })} />
        <div className="pair">
          <label>
            {t('queue.byHand.type')}
            <select
              value={value.type}
              onChange={(event) => {
                const type = BY_HAND_TYPES.find((name) => name === event.target.value);
                if (type !== undefined) draft.set({ ...value, type });
              }}
            >
              {BY_HAND_TYPES.map((type) => (
                <option key={type} value={type}>
                  {t(`words.type.${type}`)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t('queue.byHand.source')}
            <select
              value={value.source}
              onChange={(event) => {
                const source = SOURCES.find((name) => name === event.target.value);
                if (source !== undefined) draft.set({ ...value, source });
              }}
            >
              {SOURCES.map((source) => (
                <option key={source} value={source}>
                  {t(`words.source.${source}`)}
                </option>
              ))}
            </select>
          </label>
        </div>
        <label>
          {t('queue.byHand.text')}
          <textarea
            rows={3}
            maxLength={4000}
            placeholder={t('queue.byHand.textHint')}
            value={value.text}
            onChange={(event) => draft.set({ ...value, text: event.target.value })}
          />
        </label>
        <label>
          {t('queue.byHand.number')}
          <input
            type="tel"
            value={value.number}
            onChange={(event) => draft.set({ ...value, number: event.target.value })}
          />
        </label>
        <div className="buttons">
          {wasTried && !built.ok && (
            <p role="alert" className="failure">
              {t(`queue.byHand.${built.fault}`)}
            </p>
          )}
          <FailureNote failure={command.failure} onRetry={() => void send()} />
          <button type="submit" className="primary" aria-disabled={command.isSending}>
            {t('queue.byHand.submit')}
          </button>
          <button type="button" onClick={onClose}>
            {t('queue.byHand.cancel')}
          </button>
        </div>
      </form>
    </Modal>
  );
}
