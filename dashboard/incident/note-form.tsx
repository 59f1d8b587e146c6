import { useTranslation } from 'react-i18next';
import { FailureNote } from '../api/failure-note.tsx';
import { useCommand } from '../api/use-command.ts';
import { useServices } from '../console/services.ts';
import { CONTROL_IDS } from '../console/use-desk-keys.ts';
import { useDraft, type DraftStore } from '../dialog/drafts.ts';

type NoteFormProps = { readonly incidentId: string; readonly drafts: DraftStore };

/** Always open, so that a word can be kept while the other hand holds the telephone. Ctrl+Enter saves. */
export function NoteForm({ incidentId, drafts }: NoteFormProps) {
  const { t } = useTranslation();
  const { api, feed } = useServices();
  const draft = useDraft(drafts, `note/${incidentId}`, '');
  const command = useCommand();
  const text = draft.value.trim();

  async function save(): Promise<void> {
    if (text === '') return;
    const sent = draft.value;
    await command.run(
      { text },
      (key) => api.act(incidentId, 'note', { text }, key),
      (incident) => {
        feed.learn(incident);
        // What was typed while it was under way is kept.
        if (drafts.get(`note/${incidentId}`, '') === sent) draft.drop();
      },
    );
  }

  return (
    <form
      className="note"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <label htmlFor={CONTROL_IDS.note}>
        {t('incident.note.label')} <kbd>N</kbd>
      </label>
      <textarea
        id={CONTROL_IDS.note}
        rows={1}
        maxLength={4000}
        placeholder={t('incident.note.placeholder')}
        value={draft.value}
        onChange={(event) => draft.set(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
          if (event.key === 'Escape') {
            event.stopPropagation();
            event.currentTarget.blur();
          }
        }}
      />
      <button type="submit" aria-disabled={command.isSending || text === ''}>
        {t('incident.note.submit')}
        {text !== '' && ` (${t('incident.note.unsaved')})`} <kbd>Ctrl+Enter</kbd>
      </button>
      <FailureNote failure={command.failure} onRetry={() => void save()} />
    </form>
  );
}
