import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';
import { ProblemNote } from './problem-note';

interface ConfirmDialogProps {
  readonly title: string;
  /** What will happen. */
  readonly children: ReactNode;
  /** The label of the confirm button, for example "Redrive". */
  readonly action: string;
  readonly danger?: boolean;
  /** Disables the confirm button, for example while a field is empty. */
  readonly disabled?: boolean;
  /** Performs the action; an error is shown in the dialog. */
  perform(): Promise<unknown>;
  onDone(): void;
  onClose(): void;
}

/** Asks for confirmation, performs the action, and shows its error. */
export function ConfirmDialog({
  title,
  children,
  action,
  danger,
  disabled,
  perform,
  onDone,
  onClose,
}: ConfirmDialogProps) {
  const mutation = useMutation({ mutationFn: perform, onSuccess: onDone });
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          mutation.mutate();
        }}
      >
        {children}
        {mutation.isError && <ProblemNote error={mutation.error} what="The action failed." />}
        <div className="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant={danger ? 'danger' : 'primary'} disabled={disabled || mutation.isPending}>
            {mutation.isPending ? 'Working…' : action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
