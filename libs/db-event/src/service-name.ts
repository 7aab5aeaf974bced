/** The event manager's name on the wire. Reserved: no service may use it. */
export const MANAGER_SERVICE_NAME = 'db.event';

const PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9][A-Za-z0-9_-]*)*$/;

/** Keeps `<name>.parked` and every other derived broker name below RabbitMQ's limit of 255 bytes. */
const MAX_LENGTH = 200;

/**
 * Why `name` is not a valid service name; undefined if it is valid. Names are words of letters, digits, `_` and `-`,
 * joined by dots. Reserved are names that start with the manager's (`db.event`), and `db` and `event`: a legacy
 * receiver with such a name binds `#.db.#` and would receive the messages of every publisher.
 */
export function serviceNameFault(name: string): string | undefined {
  if (name.length > MAX_LENGTH) return `longer than ${MAX_LENGTH} characters`;
  if (!PATTERN.test(name)) return 'not words of letters, digits, "_" and "-" joined by dots';
  const isReserved = name === 'db' || name === 'event' || name === MANAGER_SERVICE_NAME;
  if (isReserved || name.startsWith(`${MANAGER_SERVICE_NAME}.`)) return 'reserved for the event manager';
  return undefined;
}
