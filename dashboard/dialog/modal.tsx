import { useEffect, useId, useRef, type ReactNode } from 'react';

type ModalProps = {
  readonly heading: string;
  /** Escape; absent: the dialog can only be left through its buttons. */
  readonly onClose?: () => void;
  readonly tone?: 'plain' | 'alert';
  readonly children: ReactNode;
};

/**
 * A native modal dialog: the browser keeps the focus inside and gives it back. Focus begins at `data-first`, else at the
 * first control; React's `autoFocus` comes too early for a dialog.
 */
export function Modal({ heading, onClose, tone = 'plain', children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const headingId = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element === null || element.open) return;
    element.showModal();
    element.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => element.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="modal"
      data-tone={tone}
      aria-labelledby={headingId}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClose={(event) => {
        // A browser lets itself be kept from closing only once: a second Escape without another key in between closes
        // (HTML, "close watcher"). What must be answered is asked again at once.
        const element = event.currentTarget;
        if (onClose !== undefined) onClose();
        else if (element.isConnected && !element.open) element.showModal();
      }}
    >
      <h2 id={headingId}>{heading}</h2>
      {children}
    </dialog>
  );
}
