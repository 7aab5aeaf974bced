/** SQLSTATE codes after which the same transaction may succeed: PostgreSQL's appendix A. */
const TRANSIENT_CODES = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '53000', // insufficient_resources
  '53100', // disk_full
  '53200', // out_of_memory
  '53300', // too_many_connections
  '55P03', // lock_not_available
  '55006', // object_in_use
  '57014', // query_canceled
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
  '58000', // system_error
  '58030', // io_error
  '42P01', // undefined_table: the service has not migrated its database yet
  '3F000', // invalid_schema_name: likewise
  '3D000', // invalid_catalog_name: the database is being restored
]);

/** Connection exceptions. */
const TRANSIENT_CLASS = '08';

/** Node's codes for a connection that could not be had, or was lost. */
const TRANSIENT_SYSTEM_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

/** The database says that trying the same again may help. */
export function isTransientDatabaseError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return false;
  return TRANSIENT_CODES.has(code) || code.startsWith(TRANSIENT_CLASS) || TRANSIENT_SYSTEM_CODES.has(code);
}
