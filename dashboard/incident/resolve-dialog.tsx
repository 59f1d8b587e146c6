import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContactKind, Incident } from '../../gateway/api/contract/incident.ts';
import { FailureNote } from '../api/failure-note.tsx';
import { useCommand } from '../api/use-command.ts';
import { useServices } from '../console/services.ts';
import { useDraft } from '../dialog/drafts.ts';
import { Modal } from '../dialog/modal.tsx';
import { askAgain, buildClosing, CLOSING_CONTACTS, EMPTY_DRAFT, findMissing, isPressedAgain } from './closing.ts';
import { OUTCOME_NAMES } from './codes.ts';

type ResolveDialogProps = {
  readonly incident: Incident;
  readonly isSupervisor: boolean;
  /** What the log already says of the person's state; offered, not assumed. */
  readonly contact: ContactKind | null;
  readonly onClose: () => void;
};

/** Closing says how we know that the person is safe (design §4). What was typed outlives closing the dialog. */
export function ResolveDialog({ incident, isSupervisor, contact, onClose }: ResolveDialogProps) {
  const { t } = useTranslation();
  const { api, feed, drafts } = useServices();
  const draft = useDraft(drafts, `resolve/${incident.id}`, {
    ...EMPTY_DRAFT,
    contact,
    presses: incident.presses,
  });
  const command = useCommand();
  const [wasTried, setTried] = useState(false);
  const isAgain = isPressedAgain(draft.value, incident);
  // What was said of the person's state before the last press is not shown as if it still held.
  const value = isAgain ? { ...draft.value, contact: null } : draft.value;
  const missing = findMissing(value, incident, isSupervisor);
  const isOptional = incident.priority > 1;
  const { set } = draft;
  const isFewer = incident.presses < draft.value.presses;
  useEffect(() => {
    // Alarms were split off: the next press would otherwise be taken for one that was shown.
    if (isFewer) set({ ...draft.value, presses: incident.presses });
  });

  async function send(): Promise<void> {
    setTried(true);
    const body = buildClosing(value, incident, isSupervisor);
    if (body === null) return;
    await command.run(
      body,
      (key) => api.act(incident.id, 'resolve', body, key),
      (resolved) => {
        draft.drop();
        feed.learn(resolved);
        onClose();
      },
    );
  }

  return (
    <Modal heading={t('incident.resolve.heading')} onClose={onClose} tone={isAgain ? 'alert' : 'plain'}>
      <form
        className="resolve"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {isAgain && (
          <div role="alert" className="pressed-again">
            <strong>{t('incident.resolve.pressedAgain', { presses: incident.presses })}</strong>
            <p>{t('incident.resolve.pressedAgainHint')}</p>
            <button type="button" onClick={() => draft.set(askAgain(draft.value, incident.presses))}>
              {t('incident.resolve.pressedAgainSeen')}
            </button>
          </div>
        )}
        <fieldset>
          <legend>{t('incident.resolve.outcome')}</legend>
          <div className="choices many">
            {OUTCOME_NAMES.map((outcome) => (
              <label key={outcome}>
                <input
                  type="radio"
                  name="outcome"
                  checked={value.outcome === outcome}
                  onChange={() => draft.set({ ...draft.value, outcome })}
                />
                {t(`words.outcome.${outcome}`)}
              </label>
            ))}
          </div>
        </fieldset>
        <fieldset disabled={isAgain}>
          <legend>{isOptional ? t('incident.resolve.contactOptional') : t('incident.resolve.contact')}</legend>
          <p className="warning">{t('incident.resolve.unanswered')}</p>
          <div className="choices">
            {CLOSING_CONTACTS.map((kind) => {
              const isBarred = kind === 'not-established' && !isSupervisor;
              return (
                <label key={kind} data-barred={isBarred}>
                  <input
                    type="radio"
                    name="contact"
                    disabled={isBarred}
                    checked={value.contact === kind}
                    onChange={() => draft.set({ ...value, contact: kind })}
                  />
                  {t(`words.contact.${kind}`)}
                  {isBarred && <span className="muted"> ({t('incident.resolve.supervisorOnly')})</span>}
                </label>
              );
            })}
          </div>
        </fieldset>
        {value.contact === 'seen-by' && (
          <label>
            {t('incident.resolve.name')}
            <input
              maxLength={100}
              value={value.name}
              onChange={(event) => draft.set({ ...value, name: event.target.value })}
            />
          </label>
        )}
        {value.contact === 'not-established' && <p className="warning">{t('incident.resolve.supervisorWarning')}</p>}
        <label>
          {value.contact === 'not-established' ? t('incident.resolve.reason') : t('incident.resolve.text')}
          <textarea
            rows={2}
            maxLength={4000}
            value={value.text}
            onChange={(event) => draft.set({ ...draft.value, text: event.target.value })}
          />
        </label>
        <div className="buttons">
          {wasTried && missing !== null && (
            <p role="alert" className="failure">
              {t(`incident.resolve.missing.${missing}`)}
            </p>
          )}
          <FailureNote failure={command.failure} onRetry={() => void send()} />
          <button type="submit" className="primary" aria-disabled={command.isSending || missing !== null}>
            {t('incident.resolve.submit')}
          </button>
          <button type="button" onClick={onClose}>
            {t('incident.resolve.cancel')} <kbd>Esc</kbd>
          </button>
        </div>
      </form>
    </Modal>
  );
}
