import { commentsFor, EVENT_BYTES } from '../drivers/users';
import type { WriterConfig } from '../drivers/writer';
import { seedProfile } from '../harness/seed-users';
import type { World } from '../harness/world';
import { migrate } from './publish.case';
import { REPLICAS, type WholePath, type WholeWork } from './whole-path';

const DATABASES = ['profile', ...REPLICAS] as const;

/** PostgreSQL's own replication of `profile_user` into two other databases of the same server. */
export class LogicalReplication {
  private constructor(
    private readonly world: World,
    readonly path: WholePath,
  ) {}

  static async start(world: World, work: WholeWork): Promise<LogicalReplication> {
    for (const database of DATABASES) {
      await world.createDatabase(database);
      await migrate(world, database);
      await seedProfile(world, work.users, commentsFor(EVENT_BYTES), database);
    }
    await world.pool('profile').query('CREATE PUBLICATION bench FOR TABLE profile_user');
    for (const replica of REPLICAS) {
      const slot = slotOf(world, replica);
      // Created separately: within one server CREATE SUBSCRIPTION would wait for itself.
      await world.pool('profile').query(`SELECT pg_create_logical_replication_slot('${slot}', 'pgoutput')`);
      await world.pool(replica).query(
        `CREATE SUBSCRIPTION ${slot} CONNECTION '${world.urlOf('profile')}' PUBLICATION bench
         WITH (create_slot = false, slot_name = '${slot}', copy_data = false)`,
      );
    }
    const config: WriterConfig = {
      ...work,
      databaseUrl: world.urlOf('profile'),
      amqpUrl: world.amqpUrl,
      kind: 'update',
      comments: commentsFor(EVENT_BYTES),
      protocol: 'none',
    };
    const writer = await world.startProgram('drivers/writer.ts', config);
    return new LogicalReplication(world, { writer, processes: { writer: [writer.pid] } });
  }

  /** Drops the subscriptions, without which the databases can't be dropped. */
  async stop(): Promise<void> {
    for (const replica of REPLICAS) {
      await this.world.pool(replica).query(`DROP SUBSCRIPTION ${slotOf(this.world, replica)}`);
    }
  }
}

function slotOf(world: World, replica: string): string {
  return `${world.name}_${replica}`.replaceAll('-', '_');
}
