import { checkpoint } from '@dbem/runtime';
import {
  type DatabaseConnection,
  type Driver,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
} from 'kysely';

/** Kysely's dialect for PostgreSQL, with a checkpoint after each commit. */
export class CheckpointedDialect extends PostgresDialect {
  constructor(private readonly config: PostgresDialectConfig) {
    super(config);
  }

  override createDriver(): Driver {
    return new CheckpointedDriver(this.config);
  }
}

class CheckpointedDriver extends PostgresDriver {
  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await super.commitTransaction(connection);
    checkpoint('publisher.committed');
  }
}
