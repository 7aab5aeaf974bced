import type { AppName } from '../../../tools/apps/app-process';

/** The processes of the soak. */
export const INSTANCES = {
  'event-manager-1': 'event-manager',
  'event-manager-2': 'event-manager',
  'profile-1': 'profile',
  'registry-1': 'registry',
  'sharing-1': 'sharing',
  'sharing-2': 'sharing',
} as const satisfies Record<string, AppName>;

export type InstanceName = keyof typeof INSTANCES;
export const INSTANCE_NAMES = Object.keys(INSTANCES) as InstanceName[];

/** The services; each has its own database. */
export const SERVICES = ['profile', 'registry', 'sharing'] as const;
export type ServiceName = (typeof SERVICES)[number];

export type ServerName = 'RabbitMQ' | 'ZooKeeper' | 'PostgreSQL';

/** The servers that an instance connects to. */
export function serversOf(instance: InstanceName): readonly ServerName[] {
  return INSTANCES[instance] === 'event-manager' ? ['RabbitMQ', 'ZooKeeper'] : ['RabbitMQ', 'PostgreSQL'];
}
