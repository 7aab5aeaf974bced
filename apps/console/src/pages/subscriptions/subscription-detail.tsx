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
import { publishTransient } from '../../ui/toasts';
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

/** One subscription: how it is delivered, its route receipt, and what can be done with it. */
export function SubscriptionDetail({ subscription, onClose }: SubscriptionDetailProps) {
  const { publisher, subscriber, entityTypes, delivery, expiryState, expiredSince } = subscription;
  const mayChange = useMayChange();
  const queryClient = useQueryClient();
  const [dialog, setDialog] = useState<'narrow' | 'remove'>();
  const params = { path: { publisher, subscriber } };
  const steer = useMutation({
    mutationFn: (act: 'pause' | 'resume') =>
      answer(
        act === 'pause'
          ? api.POST('/admin/v1/subscriptions/{publisher}/{subscriber}/pause', { params })
          : api.POST('/admin/v1/subscriptions/{publisher}/{subscriber}/resume', { params }),
      ),
    onSuccess: (_answer, act) => {
      publishTransient(
        act === 'pause' ? 'Paused: its events wait from now on.' : 'Resumed: what waited is being moved on, in order.',
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
          ['Gets', <EntityTypeList key="types" entityTypes={entityTypes} />],
          ['Expired', expiredSince && <TimeAgo at={expiredSince} />],
        ]}
      />
      {expiryState !== undefined && (
        <p className="quiet">
          {subscriber} stayed away for so long that its queue was deleted, and it misses events since then. A repair,
          which starts when it is back, makes the replica equal again.
        </p>
      )}
      {isPaused && delivery !== 'paused' && (
        <p className="quiet">
          What waited is being moved on, in its order. It is live again a minute after the last of it.
        </p>
      )}
      {steer.isError && <ProblemNote error={steer.error} what="It was not done." />}
      {mayChange && (
        <div className="row">
          {isPaused ? (
            <Button disabled={steer.isPending || delivery !== 'paused'} onClick={() => steer.mutate('resume')}>
              <Play size={15} aria-hidden />
              {delivery === 'paused' ? 'Resume' : 'Resuming…'}
            </Button>
          ) : (
            <Button disabled={steer.isPending} onClick={() => steer.mutate('pause')}>
              <Pause size={15} aria-hidden />
              Pause
            </Button>
          )}
          <Button onClick={() => setDialog('narrow')}>
            <Filter size={15} aria-hidden />
            Narrow…
          </Button>
          <Button look="danger" onClick={() => setDialog('remove')}>
            <Trash2 size={15} aria-hidden />
            Remove…
          </Button>
        </div>
      )}
      <RouteReceipt publisher={publisher} subscriber={subscriber} />
      <p className="row">
        <Link to={`/flow?${new URLSearchParams({ publisher, subscriber })}`}>Its flow</Link>
        <Link to={`/parked?${new URLSearchParams({ service: subscriber, publisher })}`}>Its parked events</Link>
        <Link to={`/reconcile?${new URLSearchParams({ publisher, subscriber })}`}>Its runs</Link>
      </p>
      {dialog === 'narrow' && <PutSubscriptionDialog present={subscription} onClose={() => setDialog(undefined)} />}
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
