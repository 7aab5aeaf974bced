/**
 * Deferred events: events that depend on changes that the replica does not have yet, one per entity, as received. And
 * the publishers whose subscription this service has ended: no event waits for their changes.
 */
export const DEFERRED_EVENTS_SCHEMA_SQL = `
CREATE TABLE db_event.deferred_event (
  publisher text NOT NULL,
  entity_type text NOT NULL,
  entity_id text NOT NULL,
  version bigint NOT NULL,
  awaited_publisher text NOT NULL,
  awaited_type text NOT NULL,
  awaited_id text NOT NULL,
  awaited_version bigint,
  deferred_since timestamptz NOT NULL,
  message_id text,
  content_type text,
  headers jsonb NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (publisher, entity_type, entity_id)
);

CREATE INDEX deferred_event_awaited ON db_event.deferred_event (awaited_publisher, awaited_type, awaited_id);
CREATE INDEX deferred_event_since ON db_event.deferred_event (deferred_since);

CREATE TABLE db_event.ended_subscription (
  publisher text PRIMARY KEY,
  ended_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
`;
