import type { DbEvent } from '@dbem/db-event';
import { decodeMessage } from '@dbem/entity-codec';
import type { Checkpoint } from '@dbem/runtime';
import { PARKING_HEADERS, parkedQueueOf, serviceQueueOf } from '@dbem/transport';
import { type Channel, type ChannelModel, connect, type GetMessage } from 'amqplib';
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bodiesIn } from '../support/events/bodies-in';
import { promisesHold } from '../support/faults/expectations/history';
import { expectKilled } from '../support/faults/expectations/processes';
import { FaultSystem } from '../support/faults/system/fault-system';
import { request } from '../support/http/http';
import { waitFor } from '../support/waiting/wait-for';

const QUEUE = serviceQueueOf('sharing');

describe('a default project that reaches sharing before its owner', () => {
  let system: FaultSystem;
  let connection: ChannelModel;
  let channel: Channel;
  let users = 0;

  beforeAll(async () => {
    system = await FaultSystem.start({ services: ['profile', 'sharing', 'registry'] });
    await recordWrites(system.database('sharing'));
    connection = await connect(system.amqpUrl);
    channel = await connection.createChannel();
  });

  afterAll(async () => {
    await connection?.close();
    await system?.stop();
  });

  afterEach(async () => {
    await promisesHold(system);
    await projectsEqualSource();
    expect(await deferredCount()).toBe(0);
  });

  const rows = async (app: 'sharing' | 'registry', sql: string, params: unknown[] = []) =>
    (await system.database(app).query(sql, params)).rows;
  const deferredCount = async () => (await rows('sharing', 'SELECT FROM db_event.deferred_event')).length;

  async function projectsEqualSource(): Promise<void> {
    const source = "SELECT project_id AS id, owner || '@' || gateway_id AS owner FROM project ORDER BY 1";
    const replica = 'SELECT entity_id AS id, owner_id AS owner FROM entity ORDER BY 1';
    await waitFor(
      async () => JSON.stringify(await rows('registry', source)) === JSON.stringify(await rows('sharing', replica)),
      { timeoutMs: 120_000, what: 'the projects at sharing to equal those of registry' },
    );
  }

  /**
   * Stops sharing, creates a user and withholds the user's event, so that only the project waits in sharing's queue.
   */
  async function withholdOwner(): Promise<{ userId: string; owner: GetMessage }> {
    await system.stopApp('sharing');
    users += 1;
    const userId = `early-${users}`;
    const body = { userId, gatewayId: 'gw', firstName: 'r1', lastName: userId, emails: [] };
    expect((await request('POST', `${system.app('profile').url}/users`, { body })).status).toBe(201);
    const owner = await waitFor(() => takeOwner(userId), {
      timeoutMs: 120_000,
      what: 'owner and project in the queue',
    });
    return { userId, owner };
  }

  /** The owner's event, unacknowledged, if the project is in the queue as well; other events are requeued. */
  async function takeOwner(userId: string): Promise<GetMessage | undefined> {
    const taken: GetMessage[] = [];
    for (;;) {
      const message = await channel.get(QUEUE);
      if (message === false) break;
      taken.push(message);
    }
    const has = (message: GetMessage, isWanted: (event: DbEvent) => boolean) =>
      bodiesIn(message).some((body) => {
        const decoded = decodeMessage(body);
        return decoded.kind === 'event' && isWanted(decoded.event);
      });
    const owner = taken.find((message) => has(message, ({ entityId }) => entityId === `${userId}@gw`));
    const isProjectThere = taken.some((message) => has(message, ({ entityType }) => entityType === 'PROJECT'));
    for (const message of taken) if (message !== owner || !isProjectThere) channel.nack(message);
    return isProjectThere ? owner : undefined;
  }

  async function startUntilDeferred(): Promise<void> {
    await system.startApp('sharing');
    await waitFor(async () => (await deferredCount()) === 1, {
      timeoutMs: 120_000,
      what: 'the project to be deferred',
    });
  }

  /** The order in which sharing wrote the user and the project. */
  async function orderOf(userId: string): Promise<string[]> {
    const sql = 'SELECT kind FROM written WHERE owner_id = $1 ORDER BY place';
    const kinds = await waitFor(
      async () => {
        const written = await rows('sharing', sql, [`${userId}@gw`]);
        return written.length >= 2 && written;
      },
      { timeoutMs: 120_000, what: 'user and project at sharing' },
    );
    return kinds.map(({ kind }) => kind);
  }

  it('A project that arrives before its owner is deferred, and is applied after its owner', async () => {
    const { userId, owner } = await withholdOwner();
    await startUntilDeferred();
    expect(await rows('sharing', 'SELECT FROM entity WHERE owner_id = $1', [`${userId}@gw`])).toHaveLength(0);
    channel.nack(owner);
    expect(await orderOf(userId)).toEqual(['user', 'project']);
  });

  it.each<[Checkpoint]>([['applier.written'], ['applier.committed']])(
    'A project is deferred once and applied after its owner if the subscriber is killed at %s while deferring it',
    async (point) => {
      const { userId, owner } = await withholdOwner();
      await expectKilled(await system.startWithCrashAt('sharing', point));
      await startUntilDeferred();
      channel.nack(owner);
      expect(await orderOf(userId)).toEqual(['user', 'project']);
    },
  );

  it.each<[Checkpoint]>([['applier.written'], ['applier.committed']])(
    'A project is applied once and after its owner if the subscriber is killed at %s while releasing it',
    async (point) => {
      const { userId, owner } = await withholdOwner();
      await startUntilDeferred();
      await system.stopApp('sharing');
      channel.nack(owner);
      await expectKilled(await system.startWithCrashAt('sharing', point));
      await system.startApp('sharing');
      expect(await orderOf(userId)).toEqual(['user', 'project']);
    },
  );

  it('A project that waited too long is parked even if the subscriber is killed while parking it, and can be sent again', async () => {
    const { userId, owner } = await withholdOwner();
    await expectKilled(
      await system.startWithCrashAt('sharing', 'deferred.parked', { DEFERRED_EVENT_MAX_AGE_MS: '200' }),
    );
    expect(await deferredCount()).toBe(1);
    await system.startApp('sharing', { DEFERRED_EVENT_MAX_AGE_MS: '200' });
    await waitFor(async () => (await deferredCount()) === 0, { what: 'no event to be deferred' });
    const parked = await channel.get(parkedQueueOf('sharing'));
    if (parked === false) throw new Error('The parked queue of sharing is empty');
    expect(parked.properties.headers?.[PARKING_HEADERS.reasonCode]).toBe('DEPENDENCY_MISSING');

    channel.nack(owner);
    await waitFor(
      async () => (await rows('sharing', 'SELECT FROM sharing_user WHERE user_id = $1', [`${userId}@gw`])).length,
      { what: 'the owner to arrive' },
    );
    channel.sendToQueue(QUEUE, parked.content, { persistent: true });
    channel.ack(parked);
    expect(await orderOf(userId)).toEqual(['user', 'project']);
  });
});

/** Records in order what the handlers of sharing write; with triggers, so that both commit together. */
async function recordWrites(sharing: Pool): Promise<void> {
  await sharing.query(`
    CREATE TABLE written (place bigserial PRIMARY KEY, kind text NOT NULL, owner_id text NOT NULL);
    CREATE FUNCTION note_user() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO written (kind, owner_id) VALUES ('user', NEW.user_id); RETURN NULL; END $$;
    CREATE FUNCTION note_project() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO written (kind, owner_id) VALUES ('project', NEW.owner_id); RETURN NULL; END $$;
    CREATE TRIGGER note_user AFTER INSERT ON sharing_user FOR EACH ROW EXECUTE FUNCTION note_user();
    CREATE TRIGGER note_project AFTER INSERT ON entity FOR EACH ROW EXECUTE FUNCTION note_project();`);
}
