import type { CrudType, Dependency } from '@dbem/db-event';
import {
  encodeEvent,
  type Group,
  groupCodec,
  type Project,
  projectCodec,
  type UserProfile,
  userProfileCodec,
} from '@dbem/entity-codec';
import {
  type Applier,
  ApplierCounts,
  type ApplierObserver,
  type ApplierOptions,
  type ApplyMany,
  createApplier,
  HandlerTable,
  type ReplicaChange,
} from '@dbem/replica';
import {
  type Delivery,
  declareManagerTopology,
  declareServiceTopology,
  InMemoryBroker,
  parkedQueueOf,
  serviceQueueOf,
} from '@dbem/transport';
import { type FreshDatabase, freshDatabase } from '../servers/fresh-database';
import { waitFor } from '../waiting/wait-for';

const SERVICE = 'sharing';
export const USERS = 'user.profile';
export const PROJECTS = 'registry';
export const GROUPS = 'groups';

/** An event to send. */
export interface Sent {
  readonly id: string;
  readonly version: bigint;
  readonly crudType?: CrudType;
  readonly dependencies?: readonly Dependency[];
  /** Size of the entity beyond its usual one, bytes. Default: 0. Projects only. */
  readonly addedBytes?: number;
}

/** An applier of users, projects and groups on its own database. Call `reset` before each test. */
export class CausalityHarness {
  counts = new ApplierCounts();
  /** Number of changes applied by each transaction. */
  commits: number[] = [];
  /** Method, id and version of each change that a handler was called with, in order. */
  handled: string[] = [];
  /** Called by each handler after recording its changes; a test may make it fail. */
  interfere: (changes: readonly ReplicaChange<unknown>[]) => Promise<void> = async () => {};
  private broker = new InMemoryBroker();
  private appliers: Applier[] = [];

  private constructor(readonly database: FreshDatabase) {}

  static async start(): Promise<CausalityHarness> {
    return new CausalityHarness(await freshDatabase('replica'));
  }

  async reset(): Promise<void> {
    await this.stopApplier();
    await this.database.pool.query(
      'TRUNCATE db_event.deferred_event, db_event.replica_version, db_event.ended_subscription',
    );
    this.broker = new InMemoryBroker();
    await this.broker.start();
    await declareManagerTopology(this.broker.topology);
    await declareServiceTopology(this.broker.topology, SERVICE, 'quorum');
    this.counts = new ApplierCounts();
    this.commits = [];
    this.handled = [];
    this.interfere = async () => {};
  }

  async stop(): Promise<void> {
    await this.stopApplier();
    await this.database.drop();
  }

  async startApplier(options: Partial<ApplierOptions> = {}): Promise<Applier> {
    const handlers = new HandlerTable([
      { publisher: USERS, codec: userProfileCodec, upsert: this.record('user'), remove: this.record('no user') },
      { publisher: PROJECTS, codec: projectCodec, upsert: this.record('project'), remove: this.record('no project') },
      { publisher: GROUPS, codec: groupCodec, upsert: this.record('group'), remove: this.record('no group') },
    ]);
    const { counts, commits } = this;
    const observer: ApplierObserver = {
      committed: (result) => {
        commits.push(result.applied.length);
        counts.committed(result);
      },
      retried: () => counts.retried(),
      parked: () => counts.parked(),
    };
    const applier = createApplier(this.broker, this.database.pool, handlers, {
      service: SERVICE,
      observer,
      ...options,
    });
    this.appliers.push(applier);
    await applier.start();
    return applier;
  }

  async sendUser({ id, version, crudType = 'UPDATE' }: Sent): Promise<void> {
    const entityId = `${id}@gw`;
    const entity = userProfileCodec.encode({ ...USER, airavataInternalUserId: entityId, userId: id });
    const event = { publisher: USERS, entityType: 'USER_PROFILE', eventId: `${USERS}:${version}` } as const;
    await this.send(encodeEvent({ ...event, entityId, version, entity, crudType }));
  }

  async sendProject({ id, version, crudType = 'UPDATE', dependencies, addedBytes = 0 }: Sent): Promise<void> {
    const entity = projectCodec.encode({ ...PROJECT, projectID: id, description: 'd'.repeat(addedBytes) });
    const event = { publisher: PROJECTS, entityType: 'PROJECT', eventId: `${PROJECTS}:${version}` } as const;
    await this.send(encodeEvent({ ...event, entityId: id, version, entity, crudType, dependencies }));
  }

  async sendGroup({ id, version, crudType = 'UPDATE', dependencies }: Sent): Promise<void> {
    const entity = groupCodec.encode({ ...GROUP, id });
    const event = { publisher: GROUPS, entityType: 'GROUP', eventId: `${GROUPS}:${version}` } as const;
    await this.send(encodeEvent({ ...event, entityId: id, version, entity, crudType, dependencies }));
  }

  async deferred(): Promise<{ entity_id: string; version: string; awaited_id: string }[]> {
    const { rows } = await this.database.pool.query(
      'SELECT entity_id, version, awaited_id FROM db_event.deferred_event ORDER BY 1',
    );
    return rows;
  }

  /** Waits for parked events, and consumes them. */
  async parked(): Promise<Delivery[]> {
    const deliveries: Delivery[] = [];
    const consumption = this.broker.consume(parkedQueueOf(SERVICE), async (batch) => void deliveries.push(...batch));
    await waitFor(() => deliveries.length > 0);
    await consumption.stop();
    return deliveries;
  }

  private record(method: string): ApplyMany<unknown> {
    return async (changes) => {
      for (const { entityId, version } of changes) this.handled.push(`${method} ${entityId} ${version}`);
      await this.interfere(changes);
    };
  }

  private send(body: Buffer): Promise<void> {
    return this.broker.publish({ exchange: '', routingKey: serviceQueueOf(SERVICE), body });
  }

  private async stopApplier(): Promise<void> {
    await Promise.all(this.appliers.splice(0).map((applier) => applier.stop()));
    await this.broker.stop();
  }
}

/** A dependency on the user `id`, at `minimumVersion` or at any version. */
export function userDependency(id: string, minimumVersion?: bigint): Dependency {
  return { publisher: USERS, entityType: 'USER_PROFILE', entityId: `${id}@gw`, minimumVersion };
}

export function projectDependency(id: string, minimumVersion?: bigint): Dependency {
  return { publisher: PROJECTS, entityType: 'PROJECT', entityId: id, minimumVersion };
}

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

const GROUP: Group = { id: '', name: 'g' };
