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
  Applier,
  ApplierCounts,
  type ApplierObserver,
  type ApplierOptions,
  type ApplyMany,
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

/** Which event, and what it depends on. */
export interface Sent {
  readonly id: string;
  readonly version: bigint;
  readonly crudType?: CrudType;
  readonly dependencies?: readonly Dependency[];
}

/** An applier of users, projects and groups on a database of its own. `reset` before each test. */
export class CausalityHarness {
  counts = new ApplierCounts();
  /** How many changes each transaction applied. */
  commits: number[] = [];
  /** Kind, id and version of what handlers were called with, in order. */
  handled: string[] = [];
  /** What a handler does besides noting; a test may make it fail. */
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
      { publisher: USERS, codec: userProfileCodec, upsert: this.note('user'), remove: this.note('no user') },
      { publisher: PROJECTS, codec: projectCodec, upsert: this.note('project'), remove: this.note('no project') },
      { publisher: GROUPS, codec: groupCodec, upsert: this.note('group'), remove: this.note('no group') },
    ]);
    const { counts, commits } = this;
    const observer: ApplierObserver = {
      settled: (result) => {
        commits.push(result.applied.length);
        counts.settled(result);
      },
      retried: () => counts.retried(),
      parked: () => counts.parked(),
    };
    const applier = new Applier(this.broker, this.database.pool, handlers, { service: SERVICE, observer, ...options });
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

  async sendProject({ id, version, crudType = 'UPDATE', dependencies }: Sent): Promise<void> {
    const entity = projectCodec.encode({ ...PROJECT, projectID: id });
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

  /** Takes what is parked, once there is something. */
  async parked(): Promise<Delivery[]> {
    const deliveries: Delivery[] = [];
    const consumption = this.broker.consume(parkedQueueOf(SERVICE), async (batch) => void deliveries.push(...batch));
    await waitFor(() => deliveries.length > 0);
    await consumption.stop();
    return deliveries;
  }

  private note(verb: string): ApplyMany<unknown> {
    return async (changes) => {
      for (const { entityId, version } of changes) this.handled.push(`${verb} ${entityId} ${version}`);
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

/** The user `id` in version `version`, or any. */
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
