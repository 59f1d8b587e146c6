import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import type { Queues } from './order.ts';
import { Row } from './row.tsx';

type QueueProps = {
  readonly queues: Queues;
  readonly myId: string;
  readonly openId: string | null;
  readonly selectedId: string | null;
  readonly onOpen: (id: string) => void;
  readonly onByHand: () => void;
};

/** A power cut raises hundreds of technical cases; the people stay on top and the browser quick (chosen). */
const MOST_TECHNICAL = 50;
const MOST_CLOSED = 20;

export function Queue({ queues, myId, openId, selectedId, onOpen, onByHand }: QueueProps) {
  const { t } = useTranslation();
  const { people, technical, closed } = queues;
  const waiting = people.filter((incident) => incident.owner === null).length;
  const rows = (incidents: readonly Incident[]) =>
    incidents.map((incident) => (
      <Row
        key={incident.id}
        incident={incident}
        myId={myId}
        isOpen={incident.id === openId}
        isSelected={incident.id === selectedId}
        isTabStop={incident.state === 'resolved'}
        onOpen={onOpen}
      />
    ));
  return (
    <section className="queue" aria-labelledby="queue-heading">
      <header>
        <h1 id="queue-heading">{t('queue.heading')}</h1>
        <p className="counts">{t('queue.counts', { waiting, worked: people.length - waiting })}</p>
        <button type="button" onClick={onByHand}>
          {t('queue.byHand.open')} <kbd>H</kbd>
        </button>
      </header>
      <div className="rows">
        {people.length === 0 ? (
          <p className="empty">{t('queue.empty')}</p>
        ) : (
          <ol aria-labelledby="queue-heading">{rows(people)}</ol>
        )}
        {technical.length > 0 && (
          <Fold label={`${t('queue.technical')} · ${technical.length}`} isOpenAtFirst>
            <ol aria-label={t('queue.technical')}>{rows(technical.slice(0, MOST_TECHNICAL))}</ol>
            {technical.length > MOST_TECHNICAL && (
              <p>{t('queue.more', { count: technical.length - MOST_TECHNICAL })}</p>
            )}
          </Fold>
        )}
        {closed.length > 0 && (
          <Fold label={`${t('queue.closed')} · ${Math.min(closed.length, MOST_CLOSED)}`} isOpenAtFirst={false}>
            <ol aria-label={t('queue.closed')}>{rows(closed.slice(0, MOST_CLOSED))}</ol>
          </Fold>
        )}
      </div>
    </section>
  );
}

type FoldProps = {
  readonly label: string;
  readonly isOpenAtFirst: boolean;
  readonly children: React.ReactNode;
};

function Fold({ label, isOpenAtFirst, children }: FoldProps) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  return (
    <details className="fold" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{label}</summary>
      {children}
    </details>
  );
}
