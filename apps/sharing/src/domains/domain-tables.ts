/** The replica of a tenant. */
export interface DomainTable {
  domain_id: string;
  name: string;
  description: string | null;
}

/** A type of entity that can be shared in a domain; ids are `<domain>:<TYPE>`. */
interface EntityTypeTable {
  domain_id: string;
  entity_type_id: string;
  name: string;
}

/** A permission that can be granted in a domain; ids are `<domain>:<NAME>`. */
interface PermissionTypeTable {
  domain_id: string;
  permission_type_id: string;
  name: string;
}

export interface DomainTables {
  domain: DomainTable;
  entity_type: EntityTypeTable;
  permission_type: PermissionTypeTable;
}
