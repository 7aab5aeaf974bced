/** A tenant, as sharing sees it. */
export interface DomainTable {
  domain_id: string;
  name: string;
  description: string | null;
}

/** What can be shared in a domain; ids are `<domain>:<TYPE>`. */
interface EntityTypeTable {
  domain_id: string;
  entity_type_id: string;
  name: string;
}

/** What a share allows in a domain; ids are `<domain>:<NAME>`. */
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
