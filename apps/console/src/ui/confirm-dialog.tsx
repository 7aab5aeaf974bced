import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';
import { ProblemNote } from './problem-note';

interface ConfirmDialogProps {
  readonly title: string;
  /** What will happen. */
  readonly children: ReactNode;
  /** What the button says: the act. */
  readonly act: string;
  readonly danger?: boolean;
  /** It can't be done yet: something must be said first. */
  readonly disabled?: boolean;
  /** Does it; what it throws is shown here. */
  perform(): Promise<unknown>;
  onDone(): void;
  onClose(): void;
}

/** Asks before something is done, does it, and shows what went wrong. */
export function ConfirmDialog({
  title,
  children,
  act,
  danger,
  disabled,
  perform,
  onDone,
  onClose,
}: ConfirmDialogProps) {
  const acting = useMutation({ mutationFn: perform, onSuccess: onDone });
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          acting.mutate();
        }}
      >
        {children}
        {acting.isError && <ProblemNote error={acting.error} what="It was not done." />}
        <div className="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={danger ? 'danger' : 'primary'} disabled={disabled || acting.isPending}>
            {acting.isPending ? 'Working…' : act}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
