/** Something that belongs to a user of the domain and can be shared; a project, say. */
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
