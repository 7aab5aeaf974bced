import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { showToast } from '../../ui/toasts';

interface RemoveSubscriptionDialogProps {
  readonly publisher: string;
  readonly subscriber: string;
  onDone(): void;
  onClose(): void;
}

/** Removes a subscription and, on request, the queue of a service whose last subscription it is. */
export function RemoveSubscriptionDialog({ publisher, subscriber, onDone, onClose }: RemoveSubscriptionDialogProps) {
  const [queue, setQueue] = useState<'keep' | 'delete'>('keep');
  const queryClient = useQueryClient();
  return (
    <ConfirmDialog
      title={`Remove the subscription of ${subscriber} to ${publisher}?`}
      action="Remove subscription"
      danger
      perform={() =>
        answer(
          api.DELETE('/admin/v1/subscriptions/{publisher}/{subscriber}', {
            params: { path: { publisher, subscriber }, query: { queue } },
          }),
        )
      }
      onDone={() => {
        showToast(`${subscriber} no longer receives events from ${publisher}.`);
        void queryClient.invalidateQueries({ queryKey: ['subscriptions'] });
        onDone();
      }}
      onClose={onClose}
    >
      <p>
        {subscriber} will receive no further events from {publisher}. Its replica keeps its data, but is no longer
        updated. The service may subscribe again at its next start.
      </p>
      <div className="choices">
        <label>
          <input
            type="checkbox"
            checked={queue === 'delete'}
            onChange={({ target }) => setQueue(target.checked ? 'delete' : 'keep')}
          />
          Also delete its queue and the events in it
        </label>
      </div>
      {queue === 'delete' && <p className="muted">Not possible while {subscriber} has other subscriptions.</p>}
    </ConfirmDialog>
  );
}
