import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Filter, Pause, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { answer, api } from '../../api/client';
import { useMayChange } from '../../session/use-may-change';
import { useMe } from '../../session/use-me';
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
  const { publisher, subscriber, entityTypes, delivery, pauses = [], expiryState, expiredSince } = subscription;
  const mayChange = useMayChange();
  const me = useMe().data?.name;
  const queryClient = useQueryClient();
  const [dialog, setDialog] = useState<'narrow' | 'remove'>();
  const params = { path: { publisher, subscriber } };
  const control = useMutation({
    mutationFn: ({ resume }: { resume?: string }) =>
      answer(
        resume === undefined
          ? api.POST('/admin/v1/subscriptions/{publisher}/{subscriber}/pause', { params })
          : api.POST('/admin/v1/subscriptions/{publisher}/{subscriber}/resume', {
              params: { ...params, query: { by: resume } },
            }),
      ),
    onSuccess: ({ pauses: left }, { resume }) => {
      showToast(
        resume === undefined
          ? 'Paused: new events wait.'
          : left === undefined
            ? 'Resuming: the waiting events are being delivered.'
            : `The pause has ended. Still paused by ${left.map(({ by }) => by).join(', ')}.`,
      );
      void queryClient.invalidateQueries({ queryKey: ['subscriptions'] });
    },
  });
  return (
    <Dialog side title={`${publisher} → ${subscriber}`} note="Subscription" onClose={onClose}>
      <Facts
        of={[
          ['Delivery', <DeliveryBadge key="delivery" delivery={delivery} expiryState={expiryState} />],
          ['Entity types', <EntityTypeList key="types" entityTypes={entityTypes} />],
          ['Expired', expiredSince && <TimeAgo at={expiredSince} />],
        ]}
      />
      {pauses.map(({ by, since }) => (
        <div key={by} className="row">
          <span>
            Paused by <strong>{by}</strong>, <TimeAgo at={since} />
          </span>
          {mayChange && (
            <Button
              small
              disabled={control.isPending}
              onClick={() => control.mutate({ resume: by })}
              aria-label={by === me ? 'Resume' : `End the pause of ${by}`}
            >
              <Play size={13} aria-hidden />
              {by === me ? 'Resume' : 'End this pause'}
            </Button>
          )}
        </div>
      ))}
      {expiryState !== undefined && (
        <p className="quiet">
          {subscriber} was away so long that its queue was deleted, and it has missed all events since. When it is back,
          a repair starts and brings the replica up to date.
        </p>
      )}
      {delivery === 'resuming' && <p className="quiet">The events that waited are being delivered.</p>}
      {control.isError && <ProblemNote error={control.error} what="The action failed." />}
      {mayChange && (
        <div className="row">
          {!pauses.some(({ by }) => by === me) && (
            <Button disabled={control.isPending} onClick={() => control.mutate({})}>
              <Pause size={15} aria-hidden />
              {pauses.length > 0 ? 'Pause as well' : 'Pause'}
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
