/**
 * How a replica's rows of one entity type are read back, so that they can be compared with their source. SQL here is the
 * service's own, and trusted. Without a projection only the versions of the version gate are compared.
 */
export interface ReplicaProjection {
  /**
   * `SELECT <id> COLLATE "C" AS entity_id, <columns> FROM …`: one row for each entity that the replica holds. An index on that
   * expression makes it cheap.
   */
  readonly rows: string;
  /**
   * What the replica keeps of an entity, as SQL over the columns of `rows`. The key names it: a field (`firstName`), an element
   * of a list (`emails.0`), or several joined by ` ?? `, of which the first that the entity has is kept (`gatewayName ?? gatewayId`).
   */
  readonly fields: Readonly<Record<string, string>>;
}
