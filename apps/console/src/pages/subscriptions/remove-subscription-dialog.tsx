import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { publishTransient } from '../../ui/toasts';

interface RemoveSubscriptionDialogProps {
  readonly publisher: string;
  readonly subscriber: string;
  onDone(): void;
  onClose(): void;
}

/** Removes a subscription; and with the last one of a service its queue, if asked. */
export function RemoveSubscriptionDialog({ publisher, subscriber, onDone, onClose }: RemoveSubscriptionDialogProps) {
  const [queue, setQueue] = useState<'keep' | 'delete'>('keep');
  const queryClient = useQueryClient();
  return (
    <ConfirmDialog
      title={`Stop sending ${publisher} to ${subscriber}?`}
      act="Remove the subscription"
      danger
      perform={() =>
        answer(
          api.DELETE('/admin/v1/subscriptions/{publisher}/{subscriber}', {
            params: { path: { publisher, subscriber }, query: { queue } },
          }),
        )
      }
      onDone={() => {
        publishTransient(`${subscriber} gets nothing of ${publisher} any more.`);
        void queryClient.invalidateQueries({ queryKey: ['subscriptions'] });
        onDone();
      }}
      onClose={onClose}
    >
      <p>
        Later events of {publisher} do not reach {subscriber}. What its replica holds stays, and grows old. A service
        that runs may subscribe again by itself at its next start.
      </p>
      <div className="choices">
        <label>
          <input
            type="checkbox"
            checked={queue === 'delete'}
            onChange={({ target }) => setQueue(target.checked ? 'delete' : 'keep')}
          />
          Delete its queue, too, with the events in it
        </label>
      </div>
      {queue === 'delete' && <p className="muted">Refused while {subscriber} has other subscriptions.</p>}
    </ConfirmDialog>
  );
}
