/** Machine-readable cause of a failure. The first word names the part of the system. */
export type DbEventErrorCode =
  // A message that can't be processed: it is parked.
  | 'MESSAGE_MALFORMED'
  | 'BATCH_MALFORMED'
  | 'MESSAGE_FORMAT_UNEXPECTED'
  | 'MESSAGE_TOO_LARGE'
  | 'MESSAGE_TYPE_UNKNOWN'
  | 'ENTITY_TYPE_UNKNOWN'
  | 'CRUD_TYPE_UNKNOWN'
  | 'SERVICE_NAME_INVALID'
  | 'ENTITY_MALFORMED'
  | 'ENTITY_INVALID'
  | 'EVENT_BEHIND_HORIZON'
  | 'HANDLER_MISSING'
  | 'HANDLER_FAILED'
  | 'DEPENDENCY_MISSING'
  // The database of the replica or of the publisher.
  | 'DATABASE_UNAVAILABLE'
  | 'TRANSACTION_ABORTED'
  // The broker.
  | 'BROKER_UNAVAILABLE'
  | 'MESSAGE_UNROUTABLE'
  | 'MESSAGE_REJECTED'
  | 'CONFIRM_OVERDUE'
  | 'REQUEST_TIMEOUT'
  | 'QUEUE_MISSING'
  | 'QUEUE_BUSY'
  // The action can't run in a dry run: a rollback would not undo it.
  | 'DRY_RUN_IMPOSSIBLE'
  // An IDL file.
  | 'SCHEMA_INVALID'
  | 'SCHEMAS_UNAVAILABLE'
  // Requests from the event manager to a service.
  | 'SERVICE_UNREACHABLE'
  | 'RPC_METHOD_UNKNOWN'
  | 'RPC_FAILED'
  // Reconcile.
  | 'RECONCILE_UNSUPPORTED'
  | 'RUN_UNKNOWN'
  | 'RUN_CONFLICT'
  | 'RUNS_UNAVAILABLE'
  // The subscription map.
  | 'MAP_UNAVAILABLE'
  | 'ROLLOUT_TIMEOUT'
  | 'SUBSCRIPTION_INVALID'
  | 'SUBSCRIPTION_EXPIRING'
  // Identities and permissions.
  | 'PUBLISHER_FORGED'
  | 'SUBSCRIBER_FORGED'
  | 'IDENTITY_PROVIDER_UNAVAILABLE'
  | 'AUDIT_UNAVAILABLE'
  | 'BROKER_MANAGEMENT_FAILED'
  | 'STREAMS_EXHAUSTED'
  // Publishing.
  | 'PUBLISH_REFUSED'
  // Read-your-writes.
  | 'TOKEN_INVALID'
  | 'REPLICA_BEHIND'
  // Configuration.
  | 'CONFIGURATION_INVALID';

export interface DbEventErrorOptions {
  /** The same call may succeed later, unchanged. Default: false. */
  readonly retryable?: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * Base class of every error that our code throws on purpose. Callers branch on `code` and `retryable`, never on the
 * text.
 */
export class DbEventError extends Error {
  readonly code: DbEventErrorCode;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: DbEventErrorCode, message: string, options: DbEventErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
  }
}
