import type { Gateway } from '@dbem/entity-codec';
import type { ReplicaChange } from '@dbem/replica';
import { NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { featureOf } from '../../../../test/support/nest/feature';
import { DomainReplica } from './domain.replica';
import { DomainsController } from './domains.controller';
import { DomainsModule } from './domains.module';

const CHANGE: ReplicaChange<Gateway> = {
  publisher: 'user.profile',
  entityType: 'TENANT',
  entityId: 'seagrid',
  entity: { gatewayId: 'seagrid', gatewayApprovalStatus: 'ACTIVE', domain: 'seagrid.example' },
  crudType: 'CREATE',
  version: 1n,
  changeTimeMs: 1,
  isFirst: true,
};

const ROW = { domain_id: 'seagrid', name: 'SEAGrid', description: null };

describe('DomainsModule', () => {
  it('DomainsModule applies changes in the given transaction, with one statement per table', async () => {
    const { module, database } = await featureOf(DomainsModule);
    await module.get(DomainReplica).upsert([CHANGE], database);
    expect(database.asked[0]?.sql).toContain('INSERT INTO domain (');
    expect(database.asked[0]?.params).toEqual([['seagrid'], ['seagrid'], [null]]);
    expect(database.acts).not.toContain('begin');
  });

  it('DomainsModule responds with the rows of its replica, and with 404 for an unknown id', async () => {
    const { module, database } = await featureOf(DomainsModule);
    const controller = module.get(DomainsController);
    await expect(controller.get('seagrid')).rejects.toThrow(NotFoundException);
    database.on('from "domain"', [ROW]);
    expect(await controller.list({ limit: 50 })).toEqual({ items: [{ id: 'seagrid', name: 'SEAGrid' }] });
    expect(await controller.get('seagrid')).toMatchObject({ id: 'seagrid', name: 'SEAGrid' });
  });
});
