import { Inbox, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { ENTITY_TYPES } from '../../api/entity-types';
import { useFeed } from '../../live/live-topology';
import { useMayChange } from '../../session/use-may-change';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { EmptyState } from '../../ui/empty-state';
import { Page } from '../../ui/page';
import { ProblemNote } from '../../ui/problem-note';
import { SelectField } from '../../ui/select-field';
import { Skeleton } from '../../ui/skeleton';
import { TextField } from '../../ui/text-field';
import { useQueryState } from '../../ui/use-query-state';
import { ParkedDetail } from './parked-detail';
import { useParked } from './parked-queries';
import { ParkedTable } from './parked-table';
import { RedriveDialog } from './redrive-dialog';

/** Events that could not be applied, and why: to inspect, redrive or discard. */
export function ParkedPage() {
  const [state, change] = useQueryState(['service', 'publisher', 'entityType', 'reasonCode', 'event']);
  const { event, ...filter } = state;
  const parked = useParked(filter);
  const mayChange = useMayChange();
  const [isRedriving, setRedriving] = useState(false);
  const services = useFeed().topology?.services.map(({ name }) => name) ?? [];
  const items = parked.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = Object.values(filter).some((value) => value !== '');
  const [openService = '', openId = ''] = event.split('/');
  return (
    <Page
      title="Parked"
      note="Events that could not be applied. They block nothing, and are kept until you redrive or discard them."
      actions={
        mayChange && (
          <Button onClick={() => setRedriving(true)} disabled={items.length === 0}>
            <RotateCcw size={15} aria-hidden />
            Redrive…
          </Button>
        )
      }
    >
      <search className="filters">
        <SelectField
          label="Parked by"
          value={filter.service}
          options={[['', 'any'], ['db.event', 'event manager'], ...services.map((name) => [name, name] as const)]}
          onChange={(service) => change({ service })}
        />
        <SelectField
          label="Publisher"
          value={filter.publisher}
          options={[['', 'any'], ...services.map((name) => [name, name] as const)]}
          onChange={(publisher) => change({ publisher })}
        />
        <SelectField
          label="Entity type"
          value={filter.entityType}
          options={[['', 'any'], ...ENTITY_TYPES.map((type) => [type, type] as const)]}
          onChange={(entityType) => change({ entityType })}
        />
        <TextField
          label="Reason code"
          value={filter.reasonCode}
          placeholder="HANDLER_FAILED"
          onChange={(reasonCode) => change({ reasonCode: reasonCode.trim().toUpperCase() })}
        />
      </search>
      {parked.isError && (
        <ProblemNote
          error={parked.error}
          what="Could not load the parked events."
          onRetry={() => void parked.refetch()}
        />
      )}
      <Card title="Events" note={items.length > 0 ? 'Sorted by service, then by last failure.' : undefined} flush>
        {parked.isPending && <Skeleton />}
        {parked.isSuccess && items.length === 0 && (
          <EmptyState
            icon={Inbox}
            title={isFiltered ? 'No matching parked events' : 'No parked events'}
            actions={
              isFiltered && (
                <Button onClick={() => change({ service: '', publisher: '', entityType: '', reasonCode: '' })}>
                  Clear filters
                </Button>
              )
            }
          >
            {isFiltered
              ? 'Clear the filters to see all parked events.'
              : 'Every event so far could be applied. An event that is unreadable, or whose handler keeps failing, appears here with the reason.'}
          </EmptyState>
        )}
        {items.length > 0 && (
          <ParkedTable items={items} onOpen={({ service, id }) => change({ event: `${service}/${id}` })} />
        )}
      </Card>
      {parked.hasNextPage && (
        <div className="row">
          <Button disabled={parked.isFetchingNextPage} onClick={() => void parked.fetchNextPage()}>
            {parked.isFetchingNextPage ? 'Loading…' : 'Show more'}
          </Button>
        </div>
      )}
      {openId !== '' && <ParkedDetail service={openService} id={openId} onClose={() => change({ event: '' })} />}
      {isRedriving && <RedriveDialog filter={filter} items={items} onClose={() => setRedriving(false)} />}
    </Page>
  );
}
