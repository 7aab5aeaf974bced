import './dialog.css';
import { X } from 'lucide-react';
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { Button } from './button';

interface DialogProps {
  readonly title: string;
  readonly note?: ReactNode;
  /** Along the right edge, for what is looked into. */
  readonly side?: boolean;
  onClose(): void;
  readonly children: ReactNode;
}

/**
 * A modal dialog: the browser's own, which keeps the focus inside, gives it back at the end, and closes on Escape. Mounted is
 * open.
 */
export function Dialog({ title, note, side, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // The first thing to be filled in; else the dialog itself, and not the button that closes it.
    const field = dialog?.querySelector<HTMLElement>('.dialog-body :is(input, select, textarea)');
    (field ?? dialog)?.focus();
    // Before it leaves the page: afterwards the browser gives the focus back to nobody.
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog closes it; Escape does so on the keyboard.
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
        <Button look="bare" icon aria-label="Close" onClick={onClose}>
          <X size={16} aria-hidden />
        </Button>
      </div>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
