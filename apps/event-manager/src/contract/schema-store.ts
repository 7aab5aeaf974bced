import { DbEventError, type EntityType } from '@dbem/db-event';
import { type NodeData, ReconnectingSession, type ZooKeeperSession } from '@dbem/zookeeper';
import { Injectable } from '@nestjs/common';
import { ZooKeeperSessionOptions } from '../config/zookeeper-session.options';
import type { RegisteredSchema, SchemaKey, SchemaVersion } from './registered-schema';

/** Beside the subscription map, where a Java manager does not look. */
const ROOT = '/db-event-mgr-schemas';
const MAX_VERSIONS = 20;
const MAX_TRIES = 10;
const VERSION_DIGITS = 8;

/**
 * Registered schemas in ZooKeeper: a node a version, `<publisher>~<entity type>~<version>`. ZooKeeper takes nodes up to 1 MB; what
 * is registered is bounded far below that (see `MAX_SCHEMA_BYTES`), and of each entity the newest 20 versions stay.
 */
@Injectable()
export class SchemaStore {
  private readonly kept: ReconnectingSession;

  constructor(options: ZooKeeperSessionOptions) {
    this.kept = new ReconnectingSession(options);
  }

  async start(): Promise<void> {
    await this.kept.start();
  }

  async stop(): Promise<void> {
    await this.kept.stop();
  }

  /** All versions that are kept, by publisher and entity type, the newest first. @throws DbEventError SCHEMAS_UNAVAILABLE */
  versions(): Promise<SchemaVersion[]> {
    return this.with(versionsIn);
  }

  /** The newest, if no version is given. @throws DbEventError SCHEMAS_UNAVAILABLE */
  find(key: SchemaKey, version?: number): Promise<RegisteredSchema | undefined> {
    return this.with(async (session) => {
      const wanted = version ?? newestOf(await versionsIn(session), key);
      return wanted === undefined ? undefined : read(await session.getData(pathOf({ ...key, version: wanted })));
    });
  }

  /**
   * Makes it the newest version, unless it is what the newest says already. Of two who register at once each gets a version.
   *
   * @throws DbEventError SCHEMAS_UNAVAILABLE
   */
  register(
    schema: Omit<RegisteredSchema, 'version'>,
  ): Promise<{ readonly schema: RegisteredSchema; readonly isNew: boolean }> {
    return this.with(async (session) => {
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
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
      throw unavailable(`others registered ${MAX_TRIES} times meanwhile`);
    });
  }

  private async with<Result>(work: (session: ZooKeeperSession) => Promise<Result>): Promise<Result> {
    try {
      const session = this.kept.current;
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

/** Neither a service's name nor an entity type holds the sign in between. */
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
  return new DbEventError('SCHEMAS_UNAVAILABLE', `Schemas can't be read or registered now: ${reason}`, {
    retryable: true,
    cause,
  });
}
