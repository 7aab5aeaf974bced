/**
 * How a replica's rows of one entity type are read, for a comparison with their source. The SQL is used unescaped, so
 * it must be trusted. Without a projection only the versions of the version gate are compared.
 */
export interface ReplicaProjection {
  /**
   * `SELECT <id> COLLATE "C" AS entity_id, <columns> FROM …`: one row per entity of the replica. An index on the
   * expression of `entity_id` makes it cheap.
   */
  readonly rows: string;
  /**
   * The replicated fields as SQL expressions over the columns of `rows`. The key is the entity's field: a name
   * (`firstName`), an element of a list (`emails.0`), or several joined by ` ?? `, of which the first that the entity
   * has counts (`gatewayName ?? gatewayId`).
   */
  readonly fields: Readonly<Record<string, string>>;
}
