import { Plus, Spline } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useMayChange } from '../../session/use-may-change';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { plural } from '../../ui/format';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import { TextField } from '../../ui/text-field';
import { useQueryState } from '../../ui/use-query-state';
import { DeliveryBadge } from './delivery-badge';
import { EntityTypeList } from './entity-type-list';
import { PutSubscriptionDialog } from './put-subscription-dialog';
import { SubscriptionDetail } from './subscription-detail';
import { useSubscriptions } from './subscription-queries';

const MAX_ROWS = 200;

/** The subscription map, and the actions to change it. */
export function SubscriptionsPage() {
  const [state, change] = useQueryState(['publisher', 'subscriber', 'open']);
  const subscriptions = useSubscriptions();
  const mayChange = useMayChange();
  const [isAdding, setAdding] = useState(false);
  const shown = useMemo(
    () =>
      (subscriptions.data ?? []).filter(
        ({ publisher, subscriber }) => publisher.includes(state.publisher) && subscriber.includes(state.subscriber),
      ),
    [subscriptions.data, state.publisher, state.subscriber],
  );
  const [openPublisher = '', openSubscriber = ''] = state.open.split('~');
  const open = subscriptions.data?.find(
    ({ publisher, subscriber }) => publisher === openPublisher && subscriber === openSubscriber,
  );
  return (
    <Page
      title="Subscriptions"
      note="A service receives only the events of the publishers it subscribes to."
      actions={
        mayChange && (
          <Button variant="primary" onClick={() => setAdding(true)}>
            <Plus size={15} aria-hidden />
            Add a subscription
          </Button>
        )
      }
    >
      <search className="filters">
        <TextField label="Publisher" value={state.publisher} onChange={(publisher) => change({ publisher })} />
        <TextField label="Subscriber" value={state.subscriber} onChange={(subscriber) => change({ subscriber })} />
      </search>
      <Loaded query={subscriptions} what="Could not load the subscriptions.">
        {(all) => (
          <Card
            title="Subscription map"
            note={
              shown.length > MAX_ROWS
                ? `The first ${MAX_ROWS} of ${plural(shown.length, 'subscription')}; use the filters to see others.`
                : plural(shown.length, 'subscription')
            }
            flush
          >
            {shown.length === 0 ? (
              <EmptyState icon={Spline} title={all.length === 0 ? 'No subscriptions yet' : 'No matching subscriptions'}>
                {all.length === 0
                  ? 'Events without subscribers are acknowledged and dropped. A service subscribes when it starts; you can also add its subscription here before its first start.'
                  : 'Part of a name is enough. Clear a filter to see more.'}
              </EmptyState>
            ) : (
              <DataTable
                label="Subscriptions"
                rows={shown.slice(0, MAX_ROWS)}
                keyOf={({ publisher, subscriber }) => `${publisher}~${subscriber}`}
                columns={[
                  {
                    id: 'publisher',
                    label: 'Publisher',
                    value: ({ publisher }) => publisher,
                    cell: ({ publisher, subscriber }) => (
                      <button
                        type="button"
                        className="row-open"
                        aria-label={`${publisher} to ${subscriber}`}
                        onClick={() => change({ open: `${publisher}~${subscriber}` })}
                      >
                        {publisher}
                      </button>
                    ),
                  },
                  {
                    id: 'subscriber',
                    label: 'Subscriber',
                    value: ({ subscriber }) => subscriber,
                    cell: ({ subscriber }) => <span className="nowrap">→ {subscriber}</span>,
                  },
                  {
                    id: 'types',
                    label: 'Entity types',
                    value: ({ entityTypes }) => entityTypes?.join(),
                    cell: ({ entityTypes }) => <EntityTypeList entityTypes={entityTypes} />,
                  },
                  {
                    id: 'delivery',
                    label: 'Delivery',
                    value: ({ delivery, expiryState }) => expiryState ?? delivery ?? 'live',
                    cell: ({ delivery, expiryState }) => (
                      <DeliveryBadge delivery={delivery} expiryState={expiryState} />
                    ),
                    atEnd: true,
                  },
                ]}
              />
            )}
          </Card>
        )}
      </Loaded>
      {isAdding && <PutSubscriptionDialog onClose={() => setAdding(false)} />}
      {open !== undefined && (
        <SubscriptionDetail key={state.open} subscription={open} onClose={() => change({ open: '' })} />
      )}
    </Page>
  );
}
