import type { Queryable } from '@dbem/db-event';
import { type Change, ChangePublisher, type PublishedChange } from '@dbem/outbox';
import { Global, Module, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { Kysely } from 'kysely';
import { ScriptedDatabase } from './scripted-database';

/** Records published changes, and sends each as a statement of the transaction, for example `PUBLISH CREATE`. */
export class RecordingChangePublisher extends ChangePublisher {
  readonly published: Pick<Change<unknown>, 'crudType' | 'entity' | 'dependsOn'>[] = [];

  async publishAll<Entity>(
    transaction: Queryable,
    changes: readonly Change<Entity>[],
  ): Promise<readonly PublishedChange[]> {
    for (const change of changes) {
      const { crudType, entity, dependsOn } = change;
      this.published.push({ crudType, entity, ...(dependsOn !== undefined && { dependsOn }) });
      await transaction.query(`PUBLISH ${crudType}`);
    }
    return [];
  }
}

export interface Feature {
  readonly module: TestingModule;
  readonly database: ScriptedDatabase;
  readonly changes: RecordingChangePublisher;
}

/** A service's feature module with stand-ins for what the service provides: its database and its outbox. */
export async function featureOf(FeatureModule: Type): Promise<Feature> {
  const database = new ScriptedDatabase();
  const changes = new RecordingChangePublisher();

  @Global()
  @Module({
    providers: [
      { provide: Kysely, useValue: database.kysely() },
      { provide: ChangePublisher, useValue: changes },
    ],
    exports: [Kysely, ChangePublisher],
  })
  class Service {}

  const module = await Test.createTestingModule({ imports: [Service, FeatureModule] }).compile();
  return { module, database, changes };
}
