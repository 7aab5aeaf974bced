/** Why something failed, for programs. The first word tells which part of the system says so. */
export type DbEventErrorCode =
  // What came over the wire can't be used: the message is parked.
  | 'MESSAGE_MALFORMED'
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
  // The replica's or the publisher's database.
  | 'DATABASE_UNAVAILABLE'
  | 'TRANSACTION_ABORTED'
  // The broker.
  | 'BROKER_UNAVAILABLE'
  | 'MESSAGE_UNROUTABLE'
  | 'MESSAGE_REJECTED'
  | 'REQUEST_TIMEOUT'
  | 'QUEUE_MISSING'
  | 'QUEUE_BUSY'
  // What is only tried can't be done: it would not be undone by a rollback.
  | 'DRY_RUN_IMPOSSIBLE'
  // An IDL file.
  | 'SCHEMA_INVALID'
  | 'SCHEMAS_UNAVAILABLE'
  // What the event manager asks of a service.
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
  // Who it is, and what they may do.
  | 'PUBLISHER_FORGED'
  | 'SUBSCRIBER_FORGED'
  | 'IDENTITY_PROVIDER_UNAVAILABLE'
  | 'AUDIT_UNAVAILABLE'
  | 'BROKER_MANAGEMENT_FAILED'
  | 'STREAMS_EXHAUSTED'
  // The publisher's side.
  | 'PUBLISH_REFUSED'
  // Who wants to read what was written.
  | 'TOKEN_INVALID'
  | 'REPLICA_BEHIND'
  // Set-up.
  | 'CONFIGURATION_INVALID';

export interface DbEventErrorOptions {
  /** The same call may succeed later, unchanged. Default: false. */
  readonly retryable?: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The base of every error that our code throws on purpose. Callers branch on `code` and `retryable`, never on the text. */
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
