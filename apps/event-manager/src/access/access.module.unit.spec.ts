import { Controller, Global, Module, Post } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InMemoryManager } from '../../../../test/support/manager/in-memory-manager';
import { AccessConfig } from './access.config';
import { AccessModule } from './access.module';
import { RefusalObserver } from './refusal-observer.port';
import { Requires } from './requires.decorator';

const TOKEN = 'the-admin-token-of-this-test';
const refused = vi.fn(async () => {});

@Requires('admin')
@Controller('change')
class ChangeController {
  @Post()
  change(): void {}
}

@Global()
@Module({
  controllers: [ChangeController],
  providers: [{ provide: RefusalObserver, useValue: { refused } }],
  exports: [RefusalObserver],
})
class ChangeModule {}

describe('AccessModule', () => {
  let manager: InMemoryManager;
  let url: string;

  const change = (token?: string) =>
    fetch(`${url}/change`, {
      method: 'POST',
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });

  beforeEach(async () => {
    manager = await InMemoryManager.of([AccessModule, ChangeModule], {
      configs: [AccessConfig],
      environment: { ADMIN_TOKEN: TOKEN, ADMIN_RATE_LIMIT: '3' },
    });
    url = await manager.listen();
  });

  afterEach(async () => {
    await manager.stop();
  });

  it('AccessModule rejects requests without the ADMIN_TOKEN', async () => {
    expect((await change()).status).toBe(401);
    expect((await change('another')).status).toBe(401);
    expect((await change(TOKEN)).status).toBe(201);
    expect(refused).not.toHaveBeenCalled();
  });

  it('AccessModule rejects requests beyond ADMIN_RATE_LIMIT per minute', async () => {
    for (let count = 1; count <= 3; count += 1) expect((await change(TOKEN)).status).toBe(201);
    expect((await change(TOKEN)).status).toBe(429);
  });
});
