import type { Generated } from 'kysely';

/** A tenant, as sharing sees it. */
export interface DomainTable {
  domain_id: string;
  name: string;
  description: string | null;
}

/** What can be shared in a domain; ids are `<domain>:<TYPE>`. */
export interface EntityTypeTable {
  domain_id: string;
  entity_type_id: string;
  name: string;
}

/** What a share allows in a domain; ids are `<domain>:<NAME>`. */
export interface PermissionTypeTable {
  domain_id: string;
  permission_type_id: string;
  name: string;
}

/** Ids are `<userId>@<domain>`. */
export interface UserTable {
  domain_id: string;
  user_id: string;
  first_name: string;
  last_name: string;
  email: string | null;
}

export interface GroupTable {
  domain_id: string;
  group_id: string;
  name: string;
  description: string | null;
  owner_id: string;
  members: string[];
  admins: string[];
  created_at: Generated<Date>;
}

/** Something that belongs to a user of the domain and can be shared; a project, say. */
export interface EntityTable {
  domain_id: string;
  entity_id: string;
  entity_type_id: string;
  owner_id: string;
  name: string;
  description: string | null;
}

export interface SharingTables {
  domain: DomainTable;
  entity_type: EntityTypeTable;
  permission_type: PermissionTypeTable;
  sharing_user: UserTable;
  sharing_group: GroupTable;
  entity: EntityTable;
}
