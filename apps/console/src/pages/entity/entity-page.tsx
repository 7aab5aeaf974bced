import { useQuery } from '@tanstack/react-query';
import { ScanSearch, Search } from 'lucide-react';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { ENTITY_TYPES, type EntityType } from '../../api/entity-types';
import { useFeed } from '../../live/live-topology';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { EmptyState } from '../../ui/empty-state';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import { SelectField } from '../../ui/select-field';
import { TextField } from '../../ui/text-field';
import { useQueryState } from '../../ui/use-query-state';
import { EntityReport } from './entity-report';

const REFRESH_MS = 2_000;

/** Where is this entity? Its version at the source and in each replica. */
export function EntityPage() {
  const [query, setQuery] = useQueryState(['publisher', 'type', 'id']);
  const publishers = useFeed().topology?.services.filter(({ isPublisher }) => isPublisher) ?? [];
  const [publisher, setPublisher] = useState(query.publisher);
  const [type, setType] = useState<EntityType>((query.type || 'USER_PROFILE') as EntityType);
  const [id, setId] = useState(query.id);
  const isComplete = query.publisher !== '' && query.type !== '' && query.id !== '';
  const report = useQuery({
    queryKey: ['entity', query],
    queryFn: () =>
      answer(
        api.GET('/admin/v1/entities/{publisher}/{entityType}/{entityId}', {
          params: {
            path: { publisher: query.publisher, entityType: query.type as EntityType, entityId: query.id },
          },
        }),
      ),
    enabled: isComplete,
    refetchInterval: REFRESH_MS,
  });
  const chosen = publisher || (publishers[0]?.name ?? '');
  return (
    <Page title="Entity" note="The current version of an entity at its source and in each replica.">
      <search>
        <form
          className="filters"
          onSubmit={(event) => {
            event.preventDefault();
            setQuery({ publisher: chosen, type, id: id.trim() });
          }}
        >
          <SelectField
            label="Publisher"
            value={chosen}
            options={
              publishers.some(({ name }) => name === chosen)
                ? publishers.map(({ name }) => name)
                : [chosen, ...publishers.map(({ name }) => name)]
            }
            onChange={setPublisher}
          />
          <SelectField label="Entity type" value={type} options={ENTITY_TYPES} onChange={setType} />
          <TextField label="Entity ID" value={id} onChange={setId} placeholder="ada@seagrid" required />
          <Button type="submit" variant="primary" disabled={chosen === '' || id.trim() === ''}>
            <Search size={15} aria-hidden />
            Find
          </Button>
        </form>
      </search>
      {isComplete ? (
        <Loaded query={report} what="Could not load the entity.">
          {(found) => <EntityReport report={found} />}
        </Loaded>
      ) : (
        <Card title="Entity">
          <EmptyState icon={ScanSearch} title="No entity selected">
            Enter its publisher, type and ID. The ID of a user is user and gateway, for example <code>ada@seagrid</code>
            . Parked events and the live tail link here, too.
          </EmptyState>
        </Card>
      )}
    </Page>
  );
}
