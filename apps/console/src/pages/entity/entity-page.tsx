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

/** Where is this entity? At its source, and in each replica. */
export function EntityPage() {
  const [asked, ask] = useQueryState(['publisher', 'type', 'id']);
  const publishers = useFeed().topology?.services.filter(({ isPublisher }) => isPublisher) ?? [];
  const [publisher, setPublisher] = useState(asked.publisher);
  const [type, setType] = useState<EntityType>((asked.type || 'USER_PROFILE') as EntityType);
  const [id, setId] = useState(asked.id);
  const isAsked = asked.publisher !== '' && asked.type !== '' && asked.id !== '';
  const report = useQuery({
    queryKey: ['entity', asked],
    queryFn: () =>
      answer(
        api.GET('/admin/v1/entities/{publisher}/{entityType}/{entityId}', {
          params: {
            path: { publisher: asked.publisher, entityType: asked.type as EntityType, entityId: asked.id },
          },
        }),
      ),
    enabled: isAsked,
    refetchInterval: REFRESH_MS,
  });
  const chosen = publisher || (publishers[0]?.name ?? '');
  return (
    <Page
      title="Entity"
      note="Where is this entity? Its version at the source and in each replica, asked of all of them at once."
    >
      <search>
        <form
          className="filters"
          onSubmit={(event) => {
            event.preventDefault();
            ask({ publisher: chosen, type, id: id.trim() });
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
          <TextField label="Entity id" value={id} onChange={setId} placeholder="ada@seagrid" required />
          <Button type="submit" look="primary" disabled={chosen === '' || id.trim() === ''}>
            <Search size={15} aria-hidden />
            Find
          </Button>
        </form>
      </search>
      {isAsked ? (
        <Loaded query={report} what="The entity could not be asked for.">
          {(found) => <EntityReport report={found} />}
        </Loaded>
      ) : (
        <Card title="An entity, everywhere">
          <EmptyState icon={ScanSearch} title="Which entity?">
            Name its publisher, its type and its id. A user’s id is its user id and gateway, as in{' '}
            <code>ada@seagrid</code>. Parked events and the live tail lead here as well.
          </EmptyState>
        </Card>
      )}
    </Page>
  );
}
