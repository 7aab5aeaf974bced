/** An entity of a user of the domain that can be shared, for example a project. */
export interface EntityTable {
  domain_id: string;
  entity_id: string;
  entity_type_id: string;
  owner_id: string;
  name: string;
  description: string | null;
}

export interface EntityTables {
  entity: EntityTable;
}
