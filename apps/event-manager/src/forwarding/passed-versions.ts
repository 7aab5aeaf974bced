import type { DbEvent } from '@dbem/db-event';

/** Entities whose last version is remembered. */
const MAX_ENTITIES = 50_000;

/**
 * The versions that have passed a lane. Events of one entity that several managers have in hand reach it in any order
 * within a short time, and each contains the whole entity, so an older one is not needed. It remembers what passed this
 * manager, and for a limited number of entities.
 */
export class PassedVersions {
  /** By entity; those that passed last are the last. */
  private readonly versions = new Map<string, bigint>();

  /** Whether a newer version has passed. If not, this one passes now. */
  isOlder({ publisher, entityType, entityId, version }: DbEvent): boolean {
    if (version === undefined || entityId === undefined) return false;
    const key = `${publisher} ${entityType} ${entityId}`;
    if (version < (this.versions.get(key) ?? version)) return true;
    this.versions.delete(key);
    this.versions.set(key, version);
    const [oldest] = this.versions.keys();
    if (this.versions.size > MAX_ENTITIES && oldest !== undefined) this.versions.delete(oldest);
    return false;
  }
}
