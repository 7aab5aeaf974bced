const UNIQUE_VIOLATION = '23505';

/** Whether the database refused a second row of the same key. */
export function isUniqueViolation(error: unknown): boolean {
  return (error as { code?: unknown } | null | undefined)?.code === UNIQUE_VIOLATION;
}
