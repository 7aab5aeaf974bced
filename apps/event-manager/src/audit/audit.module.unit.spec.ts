import { expect, it } from 'vitest';
import { InMemoryManager } from '../../../../test/support/manager/in-memory-manager';
import { waitFor } from '../../../../test/support/waiting/wait-for';
import { AuditModule } from './audit.module';
import { AuditTrail } from './audit-trail';

it('AuditModule provides a trail that lists a started change and then its outcome', async () => {
  const manager = await (await InMemoryManager.of([AuditModule])).start();
  const trail = manager.get(AuditTrail);
  const results = () => trail.list(10, undefined, () => true).map(({ entry }) => entry.result);
  const who = { name: 'ada', provedBy: 'token' } as const;
  const started = await trail.begin({ who, action: 'PUT thing', target: {} });
  await waitFor(() => results().length === 1);
  expect(results()).toEqual(['started']);
  await trail.finish(started, { result: 'done', outcome: '200' });
  await waitFor(() => results()[0] === 'done');
  await manager.stop();
});
