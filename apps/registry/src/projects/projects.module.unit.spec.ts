import { describe, expect, it } from 'vitest';
import { featureOf } from '../../../../test/support/nest/feature';
import { DefaultProjects } from './default-projects';
import { ProjectsController } from './projects.controller';
import { ProjectsModule } from './projects.module';

const ROW = {
  project_id: 'p',
  gateway_id: 'seagrid',
  owner: 'ada',
  name: 'Benzene',
  description: null,
  created_ms: '7',
};

describe('ProjectsModule', () => {
  it('ProjectsModule publishes a project in the transaction that writes it, with its owner as a dependency if registry has that user', async () => {
    const { module, database, changes } = await featureOf(ProjectsModule);
    database.on('insert into "project"', [ROW]);
    database.on('db_event.replica_version', [{ entity_id: 'ada@seagrid', version: '0' }]);
    const details = { owner: 'ada', name: 'Benzene' };
    const project = { id: 'p', gatewayId: 'seagrid', ...details, creationTime: 7 };
    expect(await module.get(ProjectsController).create('seagrid', details)).toEqual(project);
    expect(database.acts).toEqual(['begin', 'insert into', 'SELECT entity_id,', 'PUBLISH CREATE', 'commit']);
    expect(changes.published[0]?.entity).toEqual({
      projectID: 'p',
      gatewayId: 'seagrid',
      ...details,
      creationTime: 7n,
    });
    expect(changes.published[0]?.dependsOn).toMatchObject([{ entityId: 'ada@seagrid', minimumVersion: undefined }]);
  });

  it('ProjectsModule creates no default project without a new user', async () => {
    const { module, database } = await featureOf(ProjectsModule);
    await module.get(DefaultProjects).create([], database);
    expect(database.asked).toEqual([]);
  });
});
