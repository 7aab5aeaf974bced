import { DbEventError } from '@dbem/db-event';

/** @throws DbEventError CONFIGURATION_INVALID if `given` has a value for anything but `supported`: to pass it over would be a surprise later. */
export function refuseOthers(what: string, given: object | undefined, supported: readonly string[]): void {
  const others = Object.entries(given ?? {}).filter(
    ([name, value]) => value !== undefined && !supported.includes(name),
  );
  if (others.length === 0) return;
  const names = others.map(([name]) => name).join(', ');
  throw new DbEventError('CONFIGURATION_INVALID', `${what}: not supported on this connection: ${names}`);
}
