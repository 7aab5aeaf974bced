import type { Dependency, EntityType } from '@dbem/db-event';

/** The value of the column `dependencies`; versions are text, because JSON numbers are exact only up to 2^53. */
export type StoredDependencies = readonly [
  publisher: string,
  entityType: EntityType,
  id: string,
  version: string | null,
][];

export function encodeDependencies(dependencies: readonly Dependency[] | undefined): string | null {
  if (dependencies === undefined) return null;
  const stored: StoredDependencies = dependencies.map(({ publisher, entityType, entityId, minimumVersion }) => [
    publisher,
    entityType,
    entityId,
    minimumVersion === undefined ? null : String(minimumVersion),
  ]);
  return JSON.stringify(stored);
}

export function decodeDependencies(stored: StoredDependencies): Dependency[] {
  return stored.map(([publisher, entityType, entityId, version]) => ({
    publisher,
    entityType,
    entityId,
    minimumVersion: version === null ? undefined : BigInt(version),
  }));
}
