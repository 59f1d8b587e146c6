import { useEffect, useState } from 'react';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import type { Queues } from '../queue/order.ts';
import { moveSelection } from '../queue/selection.ts';
import { calcDialog, type AskedDialog, type Dialog } from './dialog.ts';

/** What lies on the operator's desk: the chosen row, the opened case, the dialog in front. */
export type Desk = {
  readonly selectedId: string | null;
  readonly opened: Incident | null;
  readonly dialog: Dialog | null;
  readonly open: (id: string) => void;
  readonly openSelected: () => void;
  readonly close: () => void;
  readonly move: (by: 1 | -1) => void;
  readonly show: (dialog: Dialog | null) => void;
};

/**
 * An opened case stays open whatever else comes: nothing may change under the eyes of somebody who reads. Only when none
 * is open does the first one that rings open by itself.
 */
export function useDesk(queues: Queues, incidents: ReadonlyMap<string, Incident>): Desk {
  const [openId, setOpenId] = useState<string | null>(null);
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const [asked, setAsked] = useState<AskedDialog | null>(null);
  /** Cases that were put aside by hand do not open by themselves again until they ring anew. */
  const [asideAt, setAsideAt] = useState<ReadonlyMap<string, string>>(new Map());
  const opened = openId === null ? null : (incidents.get(openId) ?? null);
  const dialog = calcDialog(asked, opened?.id ?? null);
  const isStale = asked !== null && dialog === null;
  useEffect(() => {
    // Gone with its case, also if that comes back.
    if (isStale) setAsked(null);
  }, [isStale]);
  const order = [...queues.people, ...queues.technical].map((incident) => incident.id);
  const ringing = queues.people.find(
    (incident) => incident.ringing && incident.owner === null && asideAt.get(incident.id) !== incident.rangAt,
  );
  const nextId = opened === null && dialog === null ? (ringing?.id ?? null) : null;

  useEffect(() => {
    if (nextId === null) return;
    setOpenId(nextId);
    setSelectedId(nextId);
  }, [nextId]);

  function open(id: string): void {
    setOpenId(id);
    setSelectedId(id);
  }

  return {
    selectedId: selectedId ?? order[0] ?? null,
    opened,
    dialog,
    open,
    openSelected: () => {
      const id = selectedId ?? order[0];
      if (id !== undefined) open(id);
    },
    close: () => {
      if (opened !== null) setAsideAt(new Map(asideAt).set(opened.id, opened.rangAt));
      setOpenId(null);
      focusRow(selectedId);
    },
    move: (by) => {
      const id = moveSelection(order, selectedId, by);
      setSelectedId(id);
      focusRow(id);
    },
    show: (next) => setAsked(next === null ? null : { dialog: next, caseId: opened?.id ?? null }),
  };
}

/** Selection and focus are one, so that a screen reader and the eyes are at the same row. */
function focusRow(id: string | null): void {
  if (id !== null) document.getElementById(`row-${id}`)?.focus();
}
