import { useMemo } from 'react';
import { ENTITY_TYPES, type EntityType } from '../../api/entity-types';
import { useFeed } from '../../live/live-topology';
import { SelectField } from '../../ui/select-field';

export interface RunTarget {
  readonly publisher: string;
  readonly subscriber: string;
  readonly entityType: EntityType;
}

interface RunTargetFieldsProps {
  readonly target: RunTarget;
  onChange(target: RunTarget): void;
}

/** Selects the source, the replica and the entity type. Offers only pairs with a subscription. */
export function RunTargetFields({ target, onChange }: RunTargetFieldsProps) {
  const { topology } = useFeed();
  const edges = topology?.edges ?? [];
  const publishers = useMemo(() => unique(edges.map(({ publisher }) => publisher)), [edges]);
  const subscribers = useMemo(
    () => unique(edges.filter(({ publisher }) => publisher === target.publisher).map(({ subscriber }) => subscriber)),
    [edges, target.publisher],
  );
  const edge = edges.find(
    ({ publisher, subscriber }) => publisher === target.publisher && subscriber === target.subscriber,
  );
  return (
    <div className="fields">
      <SelectField
        label="Source (publisher)"
        value={target.publisher}
        options={[['', 'choose…'], ...publishers.map((name) => [name, name] as const)]}
        onChange={(publisher) => onChange({ ...target, publisher, subscriber: '' })}
      />
      <SelectField
        label="Replica (subscriber)"
        value={target.subscriber}
        options={[['', 'choose…'], ...subscribers.map((name) => [name, name] as const)]}
        onChange={(subscriber) => onChange({ ...target, subscriber })}
      />
      <SelectField
        label="Entity type"
        value={target.entityType}
        options={edge?.entityTypes ?? ENTITY_TYPES}
        onChange={(entityType) => onChange({ ...target, entityType })}
      />
    </div>
  );
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
