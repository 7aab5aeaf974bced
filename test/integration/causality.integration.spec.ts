import type { Dependency, EntityType } from '@dbem/db-event';
import {
  encodeEvent,
  groupCodec,
  type Project,
  projectCodec,
  type UserProfile,
  userProfileCodec,
} from '@dbem/entity-codec';
import { migrate } from '@dbem/platform';
import {
  Applier,
  ApplierCounts,
  type ApplierObserver,
  type ApplierOptions,
  type ApplyMany,
  HandlerTable,
  type ReplicaChange,
  replicaMigrations,
} from '@dbem/replica';
import {
  type Delivery,
  declareManagerTopology,
  declareServiceTopology,
  InMemoryBroker,
  parkedQueueOf,
  serviceQueueOf,
} from '@dbem/transport';
import type { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase, waitFor } from '../support';

const SERVICE = 'sharing';
const USERS = 'user.profile';
const PROJECTS = 'registry';

/** The user `id` in version `version`, or any. */
function user(id: string, version?: bigint): Dependency {
  return { publisher: USERS, entityType: 'USER_PROFILE', entityId: `${id}@gw`, minimumVersion: version };
}

describe('Applier with events that depend on others', () => {
  let database: FreshDatabase;
  let broker: InMemoryBroker;
  let counts: ApplierCounts;
  let appliers: Applier[];
  /** How many changes each transaction applied. */
  let commits: number[];
  /** Kind and id of what handlers saw, in order. */
  let seen: string[];
  /** What a handler does besides noting; a test may make it fail. */
  let interfere: (changes: readonly ReplicaChange<unknown>[]) => Promise<void>;

  beforeEach(async () => {
    database = await freshDatabase();
    await migrate(database.pool, replicaMigrations);
    broker = new InMemoryBroker();
    await broker.start();
    await declareManagerTopology(broker.topology);
    await declareServiceTopology(broker.topology, SERVICE, 'quorum');
    counts = new ApplierCounts();
    commits = [];
    appliers = [];
    seen = [];
    interfere = async () => {};
  });

  afterEach(async () => {
    await Promise.all(appliers.map((applier) => applier.stop()));
    await broker.stop();
    await database.drop();
  });

  const note =
    (verb: string): ApplyMany<unknown> =>
    async (changes) => {
      for (const { entityId, version } of changes) seen.push(`${verb} ${entityId} ${version}`);
      await interfere(changes);
    };

  async function startApplier(options: Partial<ApplierOptions> = {}, pool: Pool = database.pool): Promise<Applier> {
    const handlers = new HandlerTable([
      { publisher: USERS, codec: userProfileCodec, upsert: note('user'), remove: note('no user') } as never,
      { publisher: PROJECTS, codec: projectCodec, upsert: note('project'), remove: note('no project') } as never,
      { publisher: 'groups', codec: groupCodec, upsert: note('group'), remove: note('no group') } as never,
    ]);
    const observer: ApplierObserver = {
      settled: (result) => {
        commits.push(result.applied.length);
        counts.settled(result);
      },
      retried: () => counts.retried(),
      parked: () => counts.parked(),
    };
    const applier = new Applier(broker, pool, handlers, { service: SERVICE, observer, ...options });
    appliers.push(applier);
    await applier.start();
    return applier;
  }

  const send = (body: Buffer) => broker.publish({ exchange: '', routingKey: serviceQueueOf(SERVICE), body });

  function event(publisher: string, entityType: EntityType, id: string, version: bigint, entity: Buffer) {
    return { publisher, entityType, entityId: id, version, eventId: `${publisher}:${version}`, entity };
  }

  async function sendUser(id: string, version: bigint, crudType: 'UPDATE' | 'DELETE' = 'UPDATE'): Promise<void> {
    const entity = userProfileCodec.encode({ ...USER, airavataInternalUserId: `${id}@gw`, userId: id });
    await send(encodeEvent({ ...event(USERS, 'USER_PROFILE', `${id}@gw`, version, entity), crudType }));
  }

  async function sendProject(
    id: string,
    version: bigint,
    dependencies?: readonly Dependency[],
    crudType: 'UPDATE' | 'DELETE' = 'UPDATE',
  ): Promise<void> {
    const entity = projectCodec.encode({ ...PROJECT, projectID: id });
    await send(encodeEvent({ ...event(PROJECTS, 'PROJECT', id, version, entity), crudType, dependencies }));
  }

  const held = async () =>
    (
      await database.pool.query<{ entity_id: string }>(
        'SELECT entity_id, version, awaited_id FROM db_event.held_event ORDER BY 1',
      )
    ).rows;

  async function parked(): Promise<Delivery[]> {
    const deliveries: Delivery[] = [];
    const consumption = broker.consume(parkedQueueOf(SERVICE), async (batch) => void deliveries.push(...batch));
    await waitFor(() => deliveries.length > 0);
    await consumption.stop();
    return deliveries;
  }

  it('keeps a project until its owner is applied, and applies it in that transaction', async () => {
    await startApplier();
    await sendProject('p', 1n, [user('ada', 5n)]);
    await waitFor(() => counts.heldCount === 1);
    expect(seen).toEqual([]);
    await sendUser('ada', 5n);
    await waitFor(() => counts.applied === 2);
    expect(seen).toEqual(['user ada@gw 5', 'project p 1']);
    expect(await held()).toEqual([]);
    expect(commits).toEqual([0, 2]);
  });

  it('waits for the version that the project names, not for an older one', async () => {
    await startApplier();
    await sendUser('ada', 4n);
    await sendProject('p', 1n, [user('ada', 5n)]);
    await waitFor(() => counts.heldCount === 1);
    await sendUser('ada', 6n);
    await waitFor(() => counts.applied === 3);
    expect(seen).toEqual(['user ada@gw 4', 'user ada@gw 6', 'project p 1']);
  });

  it('calls the owner’s handler first when both come in one batch', async () => {
    await Promise.all([sendProject('p', 1n, [user('ada')]), sendUser('ada', 5n)]);
    await startApplier();
    await waitFor(() => counts.applied === 2);
    expect(seen).toEqual(['user ada@gw 5', 'project p 1']);
    expect(counts.heldCount).toBe(0);
  });

  it('takes a tombstone for an owner that was applied', async () => {
    await startApplier();
    await sendUser('ada', 6n, 'DELETE');
    await waitFor(() => counts.applied === 1);
    await sendProject('p', 1n, [user('ada', 5n)]);
    await waitFor(() => counts.applied === 2);
    expect(seen).toEqual(['no user ada@gw 6', 'project p 1']);
  });

  it('waits for nothing that the service does not hear', async () => {
    await startApplier();
    await sendProject('p', 1n, [{ publisher: 'elsewhere', entityType: 'TENANT', entityId: 't' }]);
    await sendProject('q', 2n, [{ publisher: USERS, entityType: 'TENANT', entityId: 't' }]);
    await database.pool.query("INSERT INTO db_event.ended_subscription VALUES ('user.profile')");
    await sendProject('r', 3n, [user('ada')]);
    await waitFor(() => counts.applied === 3);
  });

  it('releases chains in one transaction, in their order', async () => {
    await startApplier({ maxBatch: 1 });
    const group = groupCodec.encode({ id: 'g', name: 'g' });
    const project: Dependency = { publisher: PROJECTS, entityType: 'PROJECT', entityId: 'p', minimumVersion: 7n };
    await send(
      encodeEvent({ ...event('groups', 'GROUP', 'g', 1n, group), crudType: 'CREATE', dependencies: [project] }),
    );
    await sendProject('p', 7n, [user('ada', 5n)]);
    await waitFor(() => counts.heldCount === 2);
    await sendUser('ada', 5n);
    await waitFor(() => counts.applied === 3);
    expect(seen).toEqual(['user ada@gw 5', 'project p 7', 'group g 1']);
  });

  it('holds until the last of several dependencies is there', async () => {
    await startApplier({ maxBatch: 1 });
    const members = Array.from({ length: 30 }, (_, index) => `u${index}`);
    await sendProject(
      'p',
      1n,
      members.map((id) => user(id, 1n)),
    );
    for (const id of members) {
      expect(seen).not.toContain('project p 1');
      await sendUser(id, 1n);
    }
    await waitFor(() => counts.applied === members.length + 1);
    expect(seen.at(-1)).toBe('project p 1');
  });

  it('lets a newer version take the place of a held one, and a delete end the waiting', async () => {
    await startApplier();
    await sendProject('p', 1n, [user('ada', 5n)]);
    await sendProject('p', 2n, [user('bob', 5n)]);
    await sendProject('q', 3n, [user('ada', 5n)]);
    await waitFor(() => counts.heldCount + counts.stale >= 3);
    await sendProject('q', 4n, undefined, 'DELETE');
    await waitFor(() => counts.applied === 1);
    expect(await held()).toEqual([{ entity_id: 'p', version: '2', awaited_id: 'bob@gw' }]);
    await sendUser('ada', 5n);
    await sendUser('bob', 5n);
    await waitFor(() => counts.applied === 4);
    expect(seen.filter((line) => line.includes('project'))).toEqual(['no project q 4', 'project p 2']);
  });

  it('applies an older version meanwhile, if that has what it depends on', async () => {
    await Promise.all([sendProject('p', 1n), sendProject('p', 2n, [user('ada')])]);
    await startApplier();
    await waitFor(() => counts.applied === 1 && counts.heldCount === 1);
    expect(seen).toEqual(['project p 1']);
    await sendUser('ada', 5n);
    await waitFor(() => counts.applied === 3);
    expect(seen).toEqual(['project p 1', 'user ada@gw 5', 'project p 2']);
  });

  it('parks what waits too long, with the reason', async () => {
    await startApplier({ held: { maxAgeMs: 100, checkIntervalMs: 20 } });
    await sendProject('p', 1n, [user('ada', 5n)]);
    const [delivery] = await parked();
    expect(delivery?.headers['x-dbem-reason-code']).toBe('DEPENDENCY_MISSING');
    expect(delivery?.headers['x-dbem-reason']).toContain('USER_PROFILE "ada@gw" of user.profile in version 5');
    await waitFor(async () => (await held()).length === 0);
    await sendUser('ada', 5n);
    await waitFor(() => counts.applied === 1);
    expect(seen).toEqual(['user ada@gw 5']);
  });

  it('parks the oldest of what is too much', async () => {
    await startApplier({ maxBatch: 1, held: { maxCount: 3, checkIntervalMs: 20 } });
    for (let index = 0; index < 5; index += 1) {
      await sendProject(`p${index}`, BigInt(index + 1), [user('ada', 5n)]);
      await waitFor(() => counts.heldCount === index + 1);
    }
    await waitFor(() => counts.parkedCount === 2);
    await waitFor(async () => (await held()).length === 3);
    expect((await held()).map(({ entity_id }) => entity_id)).toEqual(['p2', 'p3', 'p4']);
  });

  it('ends a circle by the limit', async () => {
    await startApplier({ held: { maxAgeMs: 100, checkIntervalMs: 20 } });
    const on = (id: string): Dependency => ({ publisher: PROJECTS, entityType: 'PROJECT', entityId: id });
    await Promise.all([sendProject('p', 1n, [on('q')]), sendProject('q', 2n, [on('p')])]);
    await waitFor(() => counts.parkedCount === 2);
    expect(seen).toEqual([]);
  });

  it('does not let a held event that fails keep back the change that releases it', async () => {
    interfere = async (changes) => {
      if (changes.some(({ entityId }) => entityId === 'bad')) throw new Error('can’t stand it');
    };
    await startApplier({ held: { checkIntervalMs: 20 } });
    await sendProject('bad', 1n, [user('ada', 5n)]);
    await sendProject('good', 2n, [user('ada', 5n)]);
    await waitFor(() => counts.heldCount === 2);
    await sendUser('ada', 5n);
    await waitFor(() => counts.applied === 2 && counts.retriedCount === 1);
    await waitFor(async () => (await held()).length === 0);
    const { rows } = await database.pool.query('SELECT entity_id FROM db_event.replica_version ORDER BY 1');
    expect(rows.map(({ entity_id }) => entity_id)).toEqual(['ada@gw', 'good']);
  });

  it('waits for a publisher no longer when its subscription has ended', async () => {
    const applier = await startApplier({ held: { checkIntervalMs: 20 } });
    await sendProject('p', 1n, [user('ada', 5n)]);
    await waitFor(() => counts.heldCount === 1);
    await database.pool.query("INSERT INTO db_event.ended_subscription VALUES ('user.profile')");
    applier.recheckHeld();
    await waitFor(() => counts.applied === 1);
    expect(seen).toEqual(['project p 1']);
  });
});

const USER: UserProfile = {
  airavataInternalUserId: '',
  userId: '',
  gatewayId: 'gw',
  emails: [],
  firstName: 'a',
  lastName: 'b',
  creationTime: 0n,
  lastAccessTime: 0n,
  validUntil: 0n,
  state: 'ACTIVE',
};

const PROJECT: Project = { projectID: '', owner: 'ada', gatewayId: 'gw', name: 'n' };
