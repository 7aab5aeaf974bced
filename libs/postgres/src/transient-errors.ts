/**
 * Why the same transaction may succeed later:
 *
 * - `unavailable`: the whole database is unavailable; no transaction would succeed.
 * - `contended`: this transaction conflicted with another, or took too long; it may succeed if retried at once, or in
 *   smaller parts.
 * - `unmigrated`: a table or schema is missing: the database is not migrated yet, or the name is wrong.
 */
export type TransientKind = 'unavailable' | 'contended' | 'unmigrated';

/** SQLSTATE codes: PostgreSQL's appendix A. */
const KIND_BY_CODE: ReadonlyMap<string, TransientKind> = new Map([
  ['40001', 'contended'], // serialization_failure
  ['40003', 'contended'], // statement_completion_unknown
  ['40P01', 'contended'], // deadlock_detected
  ['55P03', 'contended'], // lock_not_available
  ['55006', 'contended'], // object_in_use
  ['57014', 'contended'], // query_canceled, by statement_timeout too
  ['25P03', 'contended'], // idle_in_transaction_session_timeout
  ['25P04', 'contended'], // transaction_timeout
  ['25006', 'unavailable'], // read_only_sql_transaction: a standby, during a failover
  ['57P01', 'unavailable'], // admin_shutdown
  ['57P02', 'unavailable'], // crash_shutdown
  ['57P03', 'unavailable'], // cannot_connect_now
  ['57P05', 'unavailable'], // idle_session_timeout
  ['3D000', 'unavailable'], // invalid_catalog_name: the database is being restored
  ['42P01', 'unmigrated'], // undefined_table
  ['3F000', 'unmigrated'], // invalid_schema_name
]);

/** SQLSTATE classes: connection exception, insufficient resources (disk, memory, connections), system error. */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '58']);

/** Node's error codes for a connection that failed or was lost. */
const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * Why a retry may succeed; undefined if it won't, or if the error has no known code. Only the code counts: an error
 * without one, such as pg's "Connection terminated", is handled by `inTransaction`, which knows the state of the
 * connection.
 */
export function transientKindOf(error: unknown): TransientKind | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return undefined;
  const kind = KIND_BY_CODE.get(code);
  if (kind !== undefined) return kind;
  const isSqlState = /^[0-9A-Z]{5}$/.test(code);
  if (code === 'DATABASE_UNAVAILABLE' || SYSTEM_CODES.has(code)) return 'unavailable';
  return isSqlState && UNAVAILABLE_CLASSES.has(code.slice(0, 2)) ? 'unavailable' : undefined;
}

/** Whether a retry may succeed, by the code of the error. */
export function isTransientDatabaseError(error: unknown): boolean {
  return transientKindOf(error) !== undefined;
}
