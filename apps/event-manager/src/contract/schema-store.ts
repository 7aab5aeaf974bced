import { DbEventError, type EntityType } from '@dbem/db-event';
import { type NodeData, ReconnectingSession, type ZooKeeperSession } from '@dbem/zookeeper';
import { Injectable } from '@nestjs/common';
import { ZooKeeperSessionOptions } from '../config/zookeeper-session.options';
import type { RegisteredSchema, SchemaKey, SchemaVersion } from './registered-schema';

/** Outside the subscription map's root, so that a Java manager does not read it. */
const ROOT = '/db-event-mgr-schemas';
const MAX_VERSIONS = 20;
const MAX_ATTEMPTS = 10;
const VERSION_DIGITS = 8;

/**
 * Registered schemas in ZooKeeper: one node per version, `<publisher>~<entity type>~<version>`. A schema is limited
 * far below ZooKeeper's maximum of 1 MB per node (see `MAX_SCHEMA_BYTES`). The newest 20 versions of each entity type
 * are kept.
 */
@Injectable()
export class SchemaStore {
  private readonly session: ReconnectingSession;

  constructor(options: ZooKeeperSessionOptions) {
    this.session = new ReconnectingSession(options);
  }

  async start(): Promise<void> {
    await this.session.start();
  }

  async stop(): Promise<void> {
    await this.session.stop();
  }

  /** All stored versions by publisher and entity type, the newest first. @throws DbEventError SCHEMAS_UNAVAILABLE */
  versions(): Promise<SchemaVersion[]> {
    return this.with(versionsIn);
  }

  /** The newest, if no version is given. @throws DbEventError SCHEMAS_UNAVAILABLE */
  find(key: SchemaKey, version?: number): Promise<RegisteredSchema | undefined> {
    return this.with(async (session) => {
      const chosen = version ?? newestOf(await versionsIn(session), key);
      return chosen === undefined ? undefined : read(await session.getData(pathOf({ ...key, version: chosen })));
    });
  }

  /**
   * Adds the schema as the newest version, unless the newest is identical. Concurrent registrations get different
   * versions.
   *
   * @throws DbEventError SCHEMAS_UNAVAILABLE
   */
  register(
    schema: Omit<RegisteredSchema, 'version'>,
  ): Promise<{ readonly schema: RegisteredSchema; readonly isNew: boolean }> {
    return this.with(async (session) => {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
        const all = await versionsIn(session);
        const newest = newestOf(all, schema);
        const present =
          newest === undefined ? undefined : read(await session.getData(pathOf({ ...schema, version: newest })));
        if (present !== undefined && isSame(present, schema)) return { schema: present, isNew: false };
        const fresh: RegisteredSchema = { ...schema, version: (newest ?? 0) + 1 };
        if (!(await session.create(pathOf(fresh), Buffer.from(JSON.stringify(fresh))))) continue;
        await dropOldest(session, [fresh, ...all.filter((other) => isOf(other, schema))]);
        return { schema: fresh, isNew: true };
      }
      throw unavailable(`${MAX_ATTEMPTS} attempts conflicted with concurrent registrations`);
    });
  }

  private async with<Result>(work: (session: ZooKeeperSession) => Promise<Result>): Promise<Result> {
    try {
      const session = this.session.current;
      await session.ensurePath(ROOT);
      return await work(session);
    } catch (error) {
      if (error instanceof DbEventError && error.code === 'MAP_UNAVAILABLE') throw unavailable(error.message, error);
      throw error;
    }
  }
}

async function versionsIn(session: ZooKeeperSession): Promise<SchemaVersion[]> {
  return ((await session.getChildren(ROOT)) ?? [])
    .map(versionOf)
    .sort(
      (left, right) =>
        compare(left.publisher, right.publisher) ||
        compare(left.entityType, right.entityType) ||
        right.version - left.version,
    );
}

async function dropOldest(session: ZooKeeperSession, newestFirst: readonly SchemaVersion[]): Promise<void> {
  for (const old of newestFirst.slice(MAX_VERSIONS)) {
    await session.commit((transaction) => transaction.remove(pathOf(old)));
  }
}

function newestOf(newestFirst: readonly SchemaVersion[], key: SchemaKey): number | undefined {
  return newestFirst.find((one) => isOf(one, key))?.version;
}

function isOf(one: SchemaKey, other: SchemaKey): boolean {
  return one.publisher === other.publisher && one.entityType === other.entityType;
}

function isSame(one: RegisteredSchema, other: Omit<RegisteredSchema, 'version'>): boolean {
  const textOf = ({ struct, idl, includes = {} }: Omit<RegisteredSchema, 'version'>) =>
    JSON.stringify([struct, idl, Object.entries(includes).sort()]);
  return textOf(one) === textOf(other);
}

/** Neither service names nor entity types contain a tilde. */
function pathOf({ publisher, entityType, version }: SchemaVersion): string {
  return `${ROOT}/${publisher}~${entityType}~${String(version).padStart(VERSION_DIGITS, '0')}`;
}

function versionOf(node: string): SchemaVersion {
  const [publisher = '', entityType = '', version] = node.split('~');
  return { publisher, entityType: entityType as EntityType, version: Number(version) };
}

function read(node: NodeData | undefined): RegisteredSchema | undefined {
  return node === undefined ? undefined : (JSON.parse(node.data.toString('utf8')) as RegisteredSchema);
}

function compare(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

function unavailable(reason: string, cause?: unknown): DbEventError {
  return new DbEventError('SCHEMAS_UNAVAILABLE', `Could not read or register schemas in ZooKeeper: ${reason}`, {
    retryable: true,
    cause,
  });
}
