import { NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { featureOf } from '../../../../test/support/nest/feature';
import { TENANT_COLUMNS, type TenantRow } from './tenant.columns';
import { TenantsController } from './tenants.controller';
import { TenantsModule } from './tenants.module';

const EMPTY = Object.fromEntries(Object.values(TENANT_COLUMNS).map((column) => [column, null]));
const ROW = { ...EMPTY, gateway_id: 'seagrid', approval_status: 'ACTIVE', url: 'x', requested_ms: '7' } as TenantRow;

describe('TenantsModule', () => {
  it('TenantsModule writes a tenant and publishes it in one transaction', async () => {
    const { module, database, changes } = await featureOf(TenantsModule);
    database.on('insert into "tenant"', [ROW]);
    const tenant = { gatewayId: 'seagrid', gatewayApprovalStatus: 'ACTIVE', gatewayURL: 'x' };
    const answer = await module.get(TenantsController).create({ gatewayId: 'seagrid', gatewayURL: 'x' });
    expect(answer).toEqual({ ...tenant, requestCreationTime: 7 });
    expect(database.acts).toEqual(['begin', 'insert into', 'PUBLISH CREATE', 'commit']);
    expect(changes.published).toEqual([{ crudType: 'CREATE', entity: { ...tenant, requestCreationTime: 7n } }]);
  });

  it('TenantsModule responds with 404 for an unknown tenant', async () => {
    const { module } = await featureOf(TenantsModule);
    await expect(module.get(TenantsController).get('nobody')).rejects.toThrow(NotFoundException);
  });
});
