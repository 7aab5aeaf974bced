/** What `dbem` ends with; docs/cli.md has the same table, and a test holds them equal. */
export const EXIT_CODES = {
  /** Done; nothing to complain of. */
  ok: 0,
  /** Done, and something is wrong: not healthy, not compatible, or doctor has found a fault. */
  found: 1,
  /** The command line or the configuration makes no sense. */
  usage: 2,
  /** The event manager can't be reached. */
  unreachable: 3,
  /** The token is missing, unknown, or its role does not suffice. */
  forbidden: 4,
  /** There is no such thing. */
  absent: 5,
  /** It can't be done to the thing as it is now. */
  refused: 6,
  /** It can't be done now; the same command may succeed later. */
  unavailable: 7,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
