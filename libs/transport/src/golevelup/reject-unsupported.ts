import { DbEventError } from '@dbem/db-event';

/**
 * @param context where the options were given, for the error message.
 * @throws DbEventError CONFIGURATION_INVALID if `given` has a value for an option that is not in `supported`.
 */
export function rejectUnsupported(context: string, given: object | undefined, supported: readonly string[]): void {
  const names = Object.entries(given ?? {})
    .filter(([name, value]) => value !== undefined && !supported.includes(name))
    .map(([name]) => name);
  if (names.length === 0) return;
  const reason = `${context}: options not supported on this connection: ${names.join(', ')}`;
  throw new DbEventError('CONFIGURATION_INVALID', reason);
}
