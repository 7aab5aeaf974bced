import type { Gateway } from '@dbem/entity-codec';
import type { ReplicaChange } from '@dbem/replica';
import { NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { featureOf } from '../../../../test/support/nest/feature';
import { GatewayReplica } from './gateway.replica';
import { GatewaysController } from './gateways.controller';
import { GatewaysModule } from './gateways.module';

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

const ROW = { gateway_id: 'seagrid', name: 'SEAGrid', domain: null, email_address: 'a@b', approval_status: 'ACTIVE' };

describe('GatewaysModule', () => {
  it('GatewaysModule applies changes in the given transaction, with one statement per table', async () => {
    const { module, database } = await featureOf(GatewaysModule);
    await module.get(GatewayReplica).upsert([CHANGE], database);
    expect(database.asked[0]?.sql).toContain('INSERT INTO gateway (');
    expect(database.asked[0]?.params).toEqual([['seagrid'], ['seagrid'], ['seagrid.example'], [null], ['ACTIVE']]);
    expect(database.acts).not.toContain('begin');
  });

  it('GatewaysModule responds with the rows of its replica, and with 404 for an unknown id', async () => {
    const { module, database } = await featureOf(GatewaysModule);
    const controller = module.get(GatewaysController);
    await expect(controller.get('seagrid')).rejects.toThrow(NotFoundException);
    database.on('from "gateway"', [ROW]);
    expect(await controller.list({ limit: 50 })).toEqual({
      items: [{ id: 'seagrid', name: 'SEAGrid', emailAddress: 'a@b', approvalStatus: 'ACTIVE' }],
    });
    expect(await controller.get('seagrid')).toMatchObject({
      id: 'seagrid',
      name: 'SEAGrid',
      emailAddress: 'a@b',
      approvalStatus: 'ACTIVE',
    });
  });
});
