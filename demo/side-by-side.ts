import { count } from './story/replicas';
import type { StorySystem } from './story/story-system';

interface Line {
  readonly label: string;
  readonly profile: string;
  readonly sharing: string;
  readonly registry: string;
}

/** Row counts of each service's database, side by side. */
export async function sideBySide({ databases }: StorySystem): Promise<string> {
  const { profile, sharing, registry } = databases;
  const lines: Line[] = [
    { label: '', profile: 'profile', sharing: 'sharing', registry: 'registry' },
    {
      label: 'tenants',
      profile: `${await count(profile, 'tenant')} tenants`,
      sharing: `${await count(sharing, 'domain')} domains`,
      registry: `${await count(registry, 'gateway')} gateways`,
    },
    {
      label: 'users',
      profile: `${await count(profile, 'profile_user')} users`,
      sharing: `${await count(sharing, 'sharing_user')} users`,
      registry: `${await count(registry, 'registry_user')} users`,
    },
    {
      label: 'projects',
      profile: '–',
      sharing: `${await count(sharing, 'entity')} entities`,
      registry: `${await count(registry, 'project')} projects`,
    },
    {
      label: 'tombstones',
      profile: '–',
      sharing: String(await count(sharing, 'db_event.replica_version', 'deleted')),
      registry: String(await count(registry, 'db_event.replica_version', 'deleted')),
    },
    {
      label: 'outbox',
      profile: `${await count(profile, 'db_event.outbox')} waiting`,
      sharing: `${await count(sharing, 'db_event.outbox')} waiting`,
      registry: `${await count(registry, 'db_event.outbox')} waiting`,
    },
  ];
  return lines
    .map(({ label, ...cells }) =>
      [label.padEnd(12), cells.profile.padEnd(16), cells.sharing.padEnd(16), cells.registry].join('').trimEnd(),
    )
    .join('\n');
}
