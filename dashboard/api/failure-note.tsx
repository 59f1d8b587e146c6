import { useTranslation } from 'react-i18next';
import type { Failure } from './failure.ts';

type FailureNoteProps = {
  readonly failure: Failure | null;
  readonly onRetry?: () => void;
};

/** Says in words why something was not done, right where it was asked for. */
export function FailureNote({ failure, onRetry }: FailureNoteProps) {
  const { t } = useTranslation();
  if (failure === null) return null;
  const { code, detail, faults, incident } = failure;
  const state = incident?.state;
  const words = t(`shell.failure.${code}`, {
    name: incident?.owner?.name ?? t('shell.failure.somebody'),
    state: state === undefined ? '' : t(`words.state.${state}`, { defaultValue: state }),
    detail: faults.map(({ path, message }) => `${path} ${message}`.trim()).join('; ') || (detail ?? ''),
    defaultValue: `${code} ${detail ?? ''}`,
  });
  return (
    <div role="alert" className="failure">
      <p>{words}</p>
      {onRetry !== undefined && (
        <button type="button" onClick={onRetry}>
          {t('shell.failure.retry')}
        </button>
      )}
    </div>
  );
}
