import './dialog.css';
import { X } from 'lucide-react';
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { Button } from './button';

interface DialogProps {
  readonly title: string;
  readonly note?: ReactNode;
  /** Docked to the right edge, for details of an item. */
  readonly side?: boolean;
  onClose(): void;
  readonly children: ReactNode;
}

/**
 * A modal dialog, open while mounted. It uses the browser's own dialog, which traps the focus, restores it when closed,
 * and closes on Escape.
 */
export function Dialog({ title, note, side, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // Focuses the first input; without one, the dialog itself rather than its close button.
    const field = dialog?.querySelector<HTMLElement>('.dialog-body :is(input, select, textarea)');
    (field ?? dialog)?.focus();
    // Closes it before it is removed: afterwards the browser can't restore the focus.
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click outside closes the dialog; on the keyboard, Escape does.
    <dialog
      ref={ref}
      tabIndex={-1}
      className={`dialog${side ? ' dialog-side' : ''}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      <div className="dialog-head">
        <div>
          <h2 id={id}>{title}</h2>
          {note !== undefined && <p>{note}</p>}
        </div>
        <Button variant="bare" icon aria-label="Close" onClick={onClose}>
          <X size={16} aria-hidden />
        </Button>
      </div>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
