import { Controller, Delete, ForbiddenException, Module, Post } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InMemoryManager } from '../../../../../test/support/manager/in-memory-manager';
import { waitFor } from '../../../../../test/support/waiting/wait-for';
import { AuditTrail } from '../audit-trail';
import { ChangesModule } from './changes.module';

let changes = 0;

@Controller('thing')
class ThingController {
  @Post()
  change(): object {
    changes += 1;
    return { changes };
  }

  @Delete()
  refuse(): never {
    throw new ForbiddenException();
  }
}

@Module({ controllers: [ThingController] })
class ThingModule {}

describe('ChangesModule', () => {
  let manager: InMemoryManager;
  let url: string;

  const post = (headers = {}) => fetch(`${url}/thing`, { method: 'POST', headers });
  const recorded = () =>
    manager
      .get(AuditTrail)
      .list(10, undefined, () => true)
      .map(({ entry }) => `${entry.action} ${entry.result}`);

  beforeEach(async () => {
    manager = await InMemoryManager.of([ChangesModule, ThingModule]);
    url = await manager.listen();
  });

  afterEach(async () => {
    await manager.stop();
  });

  it('ChangesModule audits a change and a refused change', async () => {
    expect((await post()).status).toBe(201);
    expect((await fetch(`${url}/thing`, { method: 'DELETE' })).status).toBe(403);
    await waitFor(() => recorded().length === 2);
    expect(recorded()).toEqual(['DELETE /thing refused', 'POST /thing done']);
  });

  it('ChangesModule executes a change once if it is sent twice with the same Idempotency-Key', async () => {
    const first = await (await post({ 'idempotency-key': 'one' })).json();
    expect(await (await post({ 'idempotency-key': 'one' })).json()).toEqual(first);
  });
});
