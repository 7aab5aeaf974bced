import { DbEventError } from '@dbem/db-event';
import { RunStore } from '@dbem/reconcile';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { InMemoryManager } from '../../../../test/support/manager/in-memory-manager';
import { waitFor } from '../../../../test/support/waiting/wait-for';
import { ZooKeeperConfig } from '../config/zookeeper.config';
import { ReconcileModule } from './reconcile.module';
import { ReconcileService } from './reconcile.service';

it('ReconcileModule starts a requested run, rejects a second one and reports the run in its metrics', async () => {
  const manager = await InMemoryManager.of([ReconcileModule], { configs: [ZooKeeperConfig] });
  await manager.registry.put({ publisher: 'registry', subscriber: 'sharing' });
  await manager.start();
  const key = { publisher: 'registry', subscriber: 'sharing', entityType: 'PROJECT' } as const;
  const request = { ...key, kind: 'audit', requestedBy: 'ada' } as const;
  const { id } = await manager.get(ReconcileService).request(request);
  await expect(manager.get(ReconcileService).request(request)).rejects.toThrow(DbEventError);
  await waitFor(async () => (await manager.get(RunStore).get(id))?.state === 'running');
  expect(await manager.get(Registry).metrics()).toContain('dbem_reconcile_runs{state="running"} 1');
  await manager.stop();
});
