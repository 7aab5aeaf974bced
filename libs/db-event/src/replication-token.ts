import { DbEventError } from './db-event.error';
import type { EntityKey } from './entity-key';
import { isEntityType } from './entity-type';
import type { Version } from './version';

/** An entity at this version or a later one. */
export interface EntityVersion extends EntityKey {
  readonly version: Version;
}

/** HTTP header of the response to a write, and of a later read that must include that write. */
export const REPLICATION_TOKEN_HEADER = 'X-Replication-Token';

/** Longer than any header that servers accept. */
const MAX_LENGTH = 16_384;

/**
 * Names the entity versions that a write produced, so that a client can read them from a replica. Opaque to clients,
 * but neither secret nor signed: it contains only keys and versions of entities, and grants no permission.
 */
export function encodeReplicationToken(changes: readonly EntityVersion[]): string {
  const newest = new Map<string, EntityVersion>();
  for (const change of changes) {
    const key = JSON.stringify([change.publisher, change.entityType, change.entityId]);
    const present = newest.get(key);
    if (present === undefined || present.version < change.version) newest.set(key, change);
  }
  const entries = [...newest.values()].map(({ publisher, entityType, entityId, version }) => [
    publisher,
    entityType,
    entityId,
    String(version),
  ]);
  return Buffer.from(JSON.stringify(entries)).toString('base64url');
}

/** @throws DbEventError TOKEN_INVALID */
export function decodeReplicationToken(token: string): EntityVersion[] {
  const entries = token.length > MAX_LENGTH ? undefined : parse(token);
  if (!Array.isArray(entries) || entries.length === 0) throw invalid();
  return entries.map(entityVersionOf);
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function entityVersionOf(entry: unknown): EntityVersion {
  if (!Array.isArray(entry) || entry.length !== 4) throw invalid();
  const [publisher, entityType, entityId, version] = entry as unknown[];
  const isEntity = typeof publisher === 'string' && isEntityType(entityType) && typeof entityId === 'string';
  if (!isEntity || typeof version !== 'string' || !/^[1-9][0-9]{0,18}$/.test(version)) throw invalid();
  if (BigInt(version) >= 2n ** 63n) throw invalid();
  return { publisher, entityType, entityId, version: BigInt(version) };
}

function invalid(): DbEventError {
  return new DbEventError('TOKEN_INVALID', 'The replication token is invalid: pass one back as a service returned it');
}
