/** The event manager's own name on the wire; no service may use it. */
export const MANAGER_SERVICE_NAME = 'db.event';

const PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9][A-Za-z0-9_-]*)*$/;

/** Keeps `<name>.parked` and every other derived broker name under RabbitMQ's 255 bytes. */
const MAX_LENGTH = 200;

/**
 * Why `name` can't be a service's name; undefined if it can. Names are words of letters, digits, `_` and `-`, joined
 * by dots. Names that start with the manager's own (`db.event`) are refused, so is `db` and `event`: an old receiver
 * of that name binds `#.db.#` and would hear every publisher.
 */
export function serviceNameFault(name: string): string | undefined {
  if (name.length > MAX_LENGTH) return `longer than ${MAX_LENGTH} characters`;
  if (!PATTERN.test(name)) return 'not words of letters, digits, "_" and "-" joined by dots';
  const isReserved = name === 'db' || name === 'event' || name === MANAGER_SERVICE_NAME;
  if (isReserved || name.startsWith(`${MANAGER_SERVICE_NAME}.`)) return 'reserved for the event manager';
  return undefined;
}
