import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Filter, Pause, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { answer, api } from '../../api/client';
import { useMayChange } from '../../session/use-may-change';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Facts } from '../../ui/facts';
import { ProblemNote } from '../../ui/problem-note';
import { TimeAgo } from '../../ui/time-ago';
import { showToast } from '../../ui/toasts';
import { DeliveryBadge } from './delivery-badge';
import { EntityTypeList } from './entity-type-list';
import { PutSubscriptionDialog } from './put-subscription-dialog';
import { RemoveSubscriptionDialog } from './remove-subscription-dialog';
import { RouteReceipt } from './route-receipt';
import type { Subscription } from './subscription-queries';

interface SubscriptionDetailProps {
  readonly subscription: Subscription;
  onClose(): void;
}

/** One subscription: its delivery, its route receipt, and the actions on it. */
export function SubscriptionDetail({ subscription, onClose }: SubscriptionDetailProps) {
  const { publisher, subscriber, entityTypes, delivery, expiryState, expiredSince } = subscription;
  const mayChange = useMayChange();
  const queryClient = useQueryClient();
  const [dialog, setDialog] = useState<'narrow' | 'remove'>();
  const params = { path: { publisher, subscriber } };
  const control = useMutation({
    mutationFn: (action: 'pause' | 'resume') =>
      answer(
        action === 'pause'
          ? api.POST('/admin/v1/subscriptions/{publisher}/{subscriber}/pause', { params })
          : api.POST('/admin/v1/subscriptions/{publisher}/{subscriber}/resume', { params }),
      ),
    onSuccess: (_answer, action) => {
      showToast(
        action === 'pause' ? 'Paused: new events wait.' : 'Resuming: the waiting events are being delivered in order.',
      );
      void queryClient.invalidateQueries({ queryKey: ['subscriptions'] });
    },
  });
  const isPaused = delivery !== undefined;
  return (
    <Dialog side title={`${publisher} → ${subscriber}`} note="Subscription" onClose={onClose}>
      <Facts
        of={[
          ['Delivery', <DeliveryBadge key="delivery" delivery={delivery} expiryState={expiryState} />],
          ['Entity types', <EntityTypeList key="types" entityTypes={entityTypes} />],
          ['Expired', expiredSince && <TimeAgo at={expiredSince} />],
        ]}
      />
      {expiryState !== undefined && (
        <p className="quiet">
          {subscriber} was away so long that its queue was deleted, and it has missed all events since. When it is back,
          a repair starts and brings the replica up to date.
        </p>
      )}
      {isPaused && delivery !== 'paused' && (
        <p className="quiet">
          The waiting events are being delivered in order. The subscription is live again one minute after the last of
          them.
        </p>
      )}
      {control.isError && <ProblemNote error={control.error} what="The action failed." />}
      {mayChange && (
        <div className="row">
          {isPaused ? (
            <Button disabled={control.isPending || delivery !== 'paused'} onClick={() => control.mutate('resume')}>
              <Play size={15} aria-hidden />
              {delivery === 'paused' ? 'Resume' : 'Resuming…'}
            </Button>
          ) : (
            <Button disabled={control.isPending} onClick={() => control.mutate('pause')}>
              <Pause size={15} aria-hidden />
              Pause
            </Button>
          )}
          <Button onClick={() => setDialog('narrow')}>
            <Filter size={15} aria-hidden />
            Narrow…
          </Button>
          <Button variant="danger" onClick={() => setDialog('remove')}>
            <Trash2 size={15} aria-hidden />
            Remove…
          </Button>
        </div>
      )}
      <RouteReceipt publisher={publisher} subscriber={subscriber} />
      <p className="row">
        <Link to={`/flow?${new URLSearchParams({ publisher, subscriber })}`}>Flow</Link>
        <Link to={`/parked?${new URLSearchParams({ service: subscriber, publisher })}`}>Parked events</Link>
        <Link to={`/reconcile?${new URLSearchParams({ publisher, subscriber })}`}>Runs</Link>
      </p>
      {dialog === 'narrow' && <PutSubscriptionDialog existing={subscription} onClose={() => setDialog(undefined)} />}
      {dialog === 'remove' && (
        <RemoveSubscriptionDialog
          publisher={publisher}
          subscriber={subscriber}
          onDone={onClose}
          onClose={() => setDialog(undefined)}
        />
      )}
    </Dialog>
  );
}
