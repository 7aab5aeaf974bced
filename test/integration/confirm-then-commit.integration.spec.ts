import type { Dependency } from '@dbem/db-event';
import { projectCodec } from '@dbem/entity-codec';
import { ConfirmThenCommitChangePublisher, created } from '@dbem/outbox';
import { inTransaction } from '@dbem/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutboxHarness, project, SERVICE } from '../support/outbox/outbox-harness';

describe('confirm-then-commit', () => {
  let harness: OutboxHarness;

  beforeAll(async () => {
    harness = await OutboxHarness.start();
  });

  beforeEach(() => harness.reset());

  afterAll(() => harness?.stop());

  const publisherWith = (timeoutMs: number) =>
    new ConfirmThenCommitChangePublisher(harness.broker, { service: SERVICE, timeoutMs });
  const rows = async () => (await harness.database.pool.query('SELECT id FROM project')).rows;

  async function write(timeoutMs = 60_000): Promise<void> {
    await inTransaction(harness.database.pool, async (client) => {
      await client.query("INSERT INTO project VALUES ('p')");
      await publisherWith(timeoutMs).publish(client, created(projectCodec, project('p')));
    });
  }

  it('A transaction commits after the event manager has accepted its change', async () => {
    harness.consume({ status: 'ACCEPTED', services: ['sharing'] });
    await write();
    expect(harness.events.map(({ entityId }) => entityId)).toEqual(['p']);
    expect(await rows()).toHaveLength(1);
    expect(await harness.waiting()).toBe(0);
  });

  it('A transaction rolls back when the event manager rejects its change', async () => {
    harness.consume({ status: 'REJECTED', code: 'SERVICE_NAME_INVALID', reason: 'no such name', retryable: false });
    await expect(write()).rejects.toMatchObject({
      code: 'PUBLISH_REFUSED',
      retryable: false,
      details: { code: 'SERVICE_NAME_INVALID', reason: 'no such name' },
    });
    expect(await rows()).toHaveLength(0);
  });

  it('A transaction rolls back when no event manager replies', async () => {
    await expect(write(200)).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT', retryable: true });
    expect(await rows()).toHaveLength(0);
  });

  it('The dependencies of a change are published with it, without the outbox', async () => {
    const owner: Dependency = {
      publisher: 'user.profile',
      entityType: 'USER_PROFILE',
      entityId: 'ada@gw',
      minimumVersion: 2n ** 60n + 1n,
    };
    const tenant: Dependency = { publisher: 'user.profile', entityType: 'TENANT', entityId: 'gw' };
    harness.consume();
    const change = created(projectCodec, project('p'), { dependsOn: [owner, tenant] });
    await publisherWith(60_000).publish(harness.database.pool, change);
    expect(harness.events.map(({ dependencies }) => dependencies)).toEqual([[owner, tenant]]);
  });
});
