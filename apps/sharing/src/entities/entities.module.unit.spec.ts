import type { Project } from '@dbem/entity-codec';
import type { ReplicaChange } from '@dbem/replica';
import { NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { featureOf } from '../../../../test/support/nest/feature';
import { EntitiesController } from './entities.controller';
import { EntitiesModule } from './entities.module';
import { ProjectReplica } from './project.replica';

const CHANGE: ReplicaChange<Project> = {
  publisher: 'registry',
  entityType: 'PROJECT',
  entityId: 'p',
  entity: { projectID: 'p', owner: 'ada', gatewayId: 'seagrid', name: 'Benzene' },
  crudType: 'CREATE',
  version: 1n,
  changeTimeMs: 1,
  isFirst: true,
};

const ROW = {
  domain_id: 'seagrid',
  entity_id: 'p',
  entity_type_id: 'seagrid:PROJECT',
  owner_id: 'ada@seagrid',
  name: 'Benzene',
  description: null,
};

describe('EntitiesModule', () => {
  it('EntitiesModule applies changes in the given transaction, with one statement per table', async () => {
    const { module, database } = await featureOf(EntitiesModule);
    await module.get(ProjectReplica).upsert([CHANGE], database);
    expect(database.asked[0]?.sql).toContain('INSERT INTO entity (');
    expect(database.asked[0]?.params).toEqual([['seagrid'], ['p'], ['ada'], ['Benzene'], [null]]);
    expect(database.acts).not.toContain('begin');
  });

  it('EntitiesModule responds with the rows of its replica, and with 404 for an unknown id', async () => {
    const { module, database } = await featureOf(EntitiesModule);
    const controller = module.get(EntitiesController);
    await expect(controller.get('seagrid', 'p')).rejects.toThrow(NotFoundException);
    database.on('from "entity"', [ROW]);
    expect(await controller.list('seagrid', { limit: 50 })).toEqual({
      items: [
        { id: 'p', domainId: 'seagrid', entityTypeId: 'seagrid:PROJECT', ownerId: 'ada@seagrid', name: 'Benzene' },
      ],
    });
    expect(await controller.get('seagrid', 'p')).toMatchObject({
      id: 'p',
      domainId: 'seagrid',
      entityTypeId: 'seagrid:PROJECT',
      ownerId: 'ada@seagrid',
      name: 'Benzene',
    });
  });
});
