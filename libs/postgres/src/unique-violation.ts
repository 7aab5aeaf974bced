const UNIQUE_VIOLATION = '23505';

/** Whether the database rejected a second row with the same key. */
export function isUniqueViolation(error: unknown): boolean {
  return (error as { code?: unknown } | null | undefined)?.code === UNIQUE_VIOLATION;
}
