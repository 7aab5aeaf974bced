import type { ServiceName } from '../system/instances';

/**
 * Rows whose history is recorded and compared: their table, and the compared id and state of a row `r` in SQL. Source
 * and replica give equal ids and equal states for equal entities.
 */
export interface RecordedTable {
  readonly kind: string;
  readonly database: ServiceName;
  readonly table: string;
  /** SQL text. */
  readonly id: string;
  /** SQL jsonb. */
  readonly state: string;
}

const USER = {
  kind: 'user',
  database: 'profile',
  table: 'profile_user',
  id: `r.user_id || '@' || r.gateway_id`,
  state: `jsonb_build_object('gateway', r.gateway_id, 'first', r.first_name, 'last', r.last_name, 'email', r.emails[1])`,
} as const;

const SHARING_USER = {
  kind: 'user at sharing',
  database: 'sharing',
  table: 'sharing_user',
  id: 'r.user_id',
  state: `jsonb_build_object('gateway', r.domain_id, 'first', r.first_name, 'last', r.last_name, 'email', r.email)`,
} as const;

const REGISTRY_USER = {
  kind: 'user at registry',
  database: 'registry',
  table: 'registry_user',
  id: `r.user_id || '@' || r.gateway_id`,
  state: `jsonb_build_object('gateway', r.gateway_id, 'first', r.first_name, 'last', r.last_name, 'email', r.email)`,
} as const;

const TENANT_FOR_SHARING = {
  kind: 'tenant, as sharing sees it',
  database: 'profile',
  table: 'tenant',
  id: 'r.gateway_id',
  state: `jsonb_build_object('name', coalesce(r.gateway_name, r.gateway_id), 'about', r.public_abstract)`,
} as const;

const DOMAIN = {
  kind: 'domain at sharing',
  database: 'sharing',
  table: 'domain',
  id: 'r.domain_id',
  state: `jsonb_build_object('name', r.name, 'about', r.description)`,
} as const;

const TENANT_FOR_REGISTRY = {
  kind: 'tenant, as registry sees it',
  database: 'profile',
  table: 'tenant',
  id: 'r.gateway_id',
  state: `jsonb_build_object('name', coalesce(r.gateway_name, r.gateway_id), 'domain', r.domain, 'email', r.email_address,
    'status', r.approval_status)`,
} as const;

const GATEWAY = {
  kind: 'gateway at registry',
  database: 'registry',
  table: 'gateway',
  id: 'r.gateway_id',
  state: `jsonb_build_object('name', r.name, 'domain', r.domain, 'email', r.email_address, 'status', r.approval_status)`,
} as const;

const PROJECT = {
  kind: 'project',
  database: 'registry',
  table: 'project',
  id: 'r.project_id',
  state: `jsonb_build_object('gateway', r.gateway_id, 'type', r.gateway_id || ':PROJECT',
    'owner', r.owner || '@' || r.gateway_id, 'name', r.name, 'about', r.description)`,
} as const;

const ENTITY = {
  kind: 'entity at sharing',
  database: 'sharing',
  table: 'entity',
  id: 'r.entity_id',
  state: `jsonb_build_object('gateway', r.domain_id, 'type', r.entity_type_id, 'owner', r.owner_id, 'name', r.name,
    'about', r.description)`,
} as const;

/** A source and one of its replicas. */
export interface Replicated {
  readonly source: RecordedTable;
  readonly replica: RecordedTable;
}

export const REPLICATED: readonly Replicated[] = [
  { source: USER, replica: SHARING_USER },
  { source: USER, replica: REGISTRY_USER },
  { source: TENANT_FOR_SHARING, replica: DOMAIN },
  { source: TENANT_FOR_REGISTRY, replica: GATEWAY },
  { source: PROJECT, replica: ENTITY },
];

export const RECORDED_TABLES: readonly RecordedTable[] = [
  ...new Set(REPLICATED.flatMap(({ source, replica }) => [source, replica])),
];

/** Each change of these rows is one change of the workload. */
export const CHANGED_KINDS: readonly RecordedTable[] = [USER, TENANT_FOR_SHARING, PROJECT];
