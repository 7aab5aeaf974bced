/** Exit codes of `dbem`. docs/cli.md has the same table; a test compares them. */
export const EXIT_CODES = {
  /** Success. */
  ok: 0,
  /** Done, but something is wrong: not healthy, not compatible, a fault or a warning. */
  found: 1,
  /** The command line or the input is invalid. */
  usage: 2,
  /** The event manager can't be reached. */
  unreachable: 3,
  /** The token is missing or unknown, or its role is not sufficient. */
  forbidden: 4,
  /** Not found. */
  absent: 5,
  /** Not possible in the current state. */
  refused: 6,
  /** Temporarily not possible; the same command may succeed later. */
  unavailable: 7,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
