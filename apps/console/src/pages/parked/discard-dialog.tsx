import { useState } from 'react';
import { answer, api } from '../../api/client';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { Field } from '../../ui/field';

interface DiscardDialogProps {
  readonly service: string;
  readonly id: string;
  onDone(): void;
  onClose(): void;
}

/** Discards a parked event, with a reason for the audit trail. */
export function DiscardDialog({ service, id, onDone, onClose }: DiscardDialogProps) {
  const [reason, setReason] = useState('');
  return (
    <ConfirmDialog
      title="Discard this event?"
      action="Discard permanently"
      danger
      disabled={reason.trim() === ''}
      perform={() =>
        answer(
          api.POST('/admin/v1/parked/{service}/{id}/discard', {
            params: { path: { service, id } },
            body: { reason: reason.trim() },
          }),
        )
      }
      onDone={onDone}
      onClose={onClose}
    >
      <p>It is deleted permanently. If the replica lacks its state, only a newer change or a repair can restore it.</p>
      <Field label="Reason" hint="Recorded in the audit trail.">
        {(ids) => (
          <textarea
            {...ids}
            className="input"
            required
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}
