import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatWhen, type Locale } from './format.ts';
import { formatField, PRESETS, readSpan, type Bounds, type Span, type SpanFault } from './span.ts';

type SpanBarProps = {
  readonly span: Span;
  readonly bounds: Bounds;
  readonly nowMs: number;
  readonly locale: Locale;
  readonly onSpan: (span: Span) => void;
};

/** Which time is shown: four buttons, and two fields for any other. */
export function SpanBar({ span, bounds, nowMs, locale, onSpan }: SpanBarProps) {
  const { t } = useTranslation();
  const [isChoosing, setChoosing] = useState(false);
  return (
    <div className="span-bar">
      <div role="group" aria-label={t('vitals.span.label')} className="segments">
        {PRESETS.map((preset) => (
          <button
            key={preset}
            type="button"
            aria-pressed={span.kind === 'last' && span.preset === preset}
            onClick={() => {
              setChoosing(false);
              onSpan({ kind: 'last', preset });
            }}
          >
            {t(`vitals.span.${preset}`)}
          </button>
        ))}
        <button
          type="button"
          aria-pressed={span.kind === 'fixed'}
          aria-expanded={isChoosing}
          onClick={() => setChoosing(!isChoosing)}
        >
          {t('vitals.span.other')}
        </button>
      </div>
      {span.kind === 'fixed' && !isChoosing && (
        <span className="muted">
          {t('vitals.span.shown', {
            from: formatWhen(bounds.fromMs, nowMs, locale),
            to: formatWhen(bounds.toMs, nowMs, locale),
          })}
        </span>
      )}
      {isChoosing && (
        <SpanForm
          bounds={bounds}
          onSpan={(chosen) => {
            setChoosing(false);
            onSpan(chosen);
          }}
        />
      )}
    </div>
  );
}

function SpanForm({ bounds, onSpan }: Pick<SpanBarProps, 'bounds' | 'onSpan'>) {
  const { t } = useTranslation();
  const [from, setFrom] = useState(() => formatField(bounds.fromMs));
  const [to, setTo] = useState(() => formatField(bounds.toMs));
  const [fault, setFault] = useState<SpanFault | null>(null);
  const faultId = useId();
  function submit(): void {
    const read = readSpan(from, to);
    if (typeof read === 'string') setFault(read);
    else onSpan(read);
  }
  return (
    <form
      noValidate
      className="span-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label>
        {t('vitals.span.from')}
        <input type="datetime-local" value={from} autoFocus onChange={(event) => setFrom(event.target.value)} />
      </label>
      <label>
        {t('vitals.span.to')}
        <input
          type="datetime-local"
          value={to}
          aria-describedby={faultId}
          aria-invalid={fault !== null}
          onChange={(event) => setTo(event.target.value)}
        />
      </label>
      <button type="submit">{t('vitals.span.show')}</button>
      <p id={faultId} role="alert" className={fault === null ? 'sr-only' : 'failure'}>
        {fault !== null && t(`vitals.span.${fault}`)}
      </p>
    </form>
  );
}
