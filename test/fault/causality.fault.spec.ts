import { decodeMessage } from '@dbem/entity-codec';
import type { Checkpoint } from '@dbem/platform';
import { type Channel, type ChannelModel, connect, type GetMessage } from 'amqplib';
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { request, waitFor } from '../support';
import { type Environment, FaultSystem } from '../support/faults/fault-system';
import { historyFaults, recordHistory, replicaEqualsSource } from '../support/faults/history';

const QUEUE = 'sharing.queue';

describe('a default project that reaches sharing before its owner', () => {
  let system: FaultSystem;
  let connection: ChannelModel;
  let channel: Channel;
  let users = 0;

  beforeAll(async () => {
    system = await FaultSystem.start({ services: ['profile', 'sharing', 'registry'] });
    await recordHistory(system.database('sharing'));
    await recordWrites(system.database('sharing'));
    connection = await connect(system.amqpUrl);
    channel = await connection.createChannel();
  }, 120_000);

  afterAll(async () => {
    await connection?.close();
    await system?.stop();
  });

  afterEach(async () => {
    await replicaEqualsSource(system);
    await projectsEqualSource();
    expect(await heldCount()).toBe(0);
    expect(await historyFaults(system.database('sharing'))).toEqual({ twice: [], backwards: [] });
  });

  const rows = async (app: 'sharing' | 'registry', sql: string, params: unknown[] = []) =>
    (await system.database(app).query(sql, params)).rows;
  const heldCount = async () => (await rows('sharing', 'SELECT FROM db_event.held_event')).length;

  async function projectsEqualSource(): Promise<void> {
    const source = "SELECT project_id AS id, owner || '@' || gateway_id AS owner FROM project ORDER BY 1";
    const replica = 'SELECT entity_id AS id, owner_id AS owner FROM entity ORDER BY 1';
    await waitFor(
      async () => JSON.stringify(await rows('registry', source)) === JSON.stringify(await rows('sharing', replica)),
      { timeoutMs: 60_000, what: 'the projects at sharing to equal those of registry' },
    );
  }

  /** Stops sharing, makes a user, and keeps the user's event back: the project alone waits in sharing's queue then. */
  async function keepOwnerBack(): Promise<{ userId: string; owner: GetMessage }> {
    await system.app('sharing').stop();
    users += 1;
    const userId = `early-${users}`;
    const body = { userId, gatewayId: 'gw', firstName: 'r1', lastName: userId, emails: [] };
    expect((await request('POST', `${system.app('profile').url}/users`, { body })).status).toBe(201);
    const owner = await waitFor(() => takeOwner(userId), { timeoutMs: 60_000, what: 'owner and project in the queue' });
    return { userId, owner };
  }

  /** The owner's event, unacknowledged, once the project is in the queue as well; other events go back. */
  async function takeOwner(userId: string): Promise<GetMessage | undefined> {
    const taken: GetMessage[] = [];
    for (;;) {
      const message = await channel.get(QUEUE);
      if (message === false) break;
      taken.push(message);
    }
    const owner = taken.find(({ content }) => {
      const message = decodeMessage(content);
      return message.kind === 'event' && message.event.entityId === `${userId}@gw`;
    });
    const isProjectThere = taken.some(({ content }) => content.includes('Default Project'));
    for (const message of taken) if (message !== owner || !isProjectThere) channel.nack(message);
    return isProjectThere ? owner : undefined;
  }

  async function startUntilHeld(environment: Environment = {}): Promise<void> {
    await system.startApp('sharing', environment);
    await waitFor(async () => (await heldCount()) === 1, { timeoutMs: 60_000, what: 'the project to be held' });
  }

  /** The order in which sharing wrote the user and the project. */
  async function orderOf(userId: string): Promise<string[]> {
    const sql = 'SELECT kind FROM written WHERE owner_id = $1 ORDER BY place';
    const kinds = await waitFor(
      async () => {
        const written = await rows('sharing', sql, [`${userId}@gw`]);
        return written.length >= 2 && written;
      },
      { timeoutMs: 60_000, what: 'user and project at sharing' },
    );
    return kinds.map(({ kind }) => kind);
  }

  it('owner held back → the project waits, and is applied after its owner', async () => {
    const { userId, owner } = await keepOwnerBack();
    await startUntilHeld();
    expect(await rows('sharing', 'SELECT FROM entity WHERE owner_id = $1', [`${userId}@gw`])).toHaveLength(0);
    channel.nack(owner);
    expect(await orderOf(userId)).toEqual(['user', 'project']);
  });

  it.each<[Checkpoint]>([['applier.written'], ['applier.committed']])(
    'sharing killed at %s of holding → the project waits once, and is applied after its owner',
    async (point) => {
      const { userId, owner } = await keepOwnerBack();
      const doomed = await system.startApp('sharing', { CRASH_AT: point });
      await waitFor(() => !doomed.isRunning, { timeoutMs: 60_000, what: `sharing to crash at ${point}` });
      await startUntilHeld();
      channel.nack(owner);
      expect(await orderOf(userId)).toEqual(['user', 'project']);
    },
  );

  it.each<[Checkpoint]>([['applier.written'], ['applier.committed']])(
    'sharing killed at %s of the release → both are applied once, the owner first',
    async (point) => {
      const { userId, owner } = await keepOwnerBack();
      await startUntilHeld();
      await system.app('sharing').stop();
      channel.nack(owner);
      const doomed = await system.startApp('sharing', { CRASH_AT: point });
      await waitFor(() => !doomed.isRunning, { timeoutMs: 60_000, what: `sharing to crash at ${point}` });
      await system.startApp('sharing');
      expect(await orderOf(userId)).toEqual(['user', 'project']);
    },
  );

  it('sharing killed while it parks what waited too long → the project is parked, and can come again', async () => {
    const { userId, owner } = await keepOwnerBack();
    const doomed = await system.startApp('sharing', { HELD_EVENT_MAX_AGE_MS: '200', CRASH_AT: 'held.parked' });
    await waitFor(() => !doomed.isRunning, { timeoutMs: 60_000, what: 'sharing to crash while parking' });
    expect(await heldCount()).toBe(1);
    await system.startApp('sharing', { HELD_EVENT_MAX_AGE_MS: '200' });
    await waitFor(async () => (await heldCount()) === 0, { timeoutMs: 60_000 });
    const parked = await channel.get('sharing.parked');
    if (parked === false) throw new Error('nothing is parked');
    expect(parked.properties.headers?.['x-dbem-reason-code']).toBe('DEPENDENCY_MISSING');

    channel.nack(owner);
    await waitFor(
      async () => (await rows('sharing', 'SELECT FROM sharing_user WHERE user_id = $1', [`${userId}@gw`])).length,
    );
    channel.sendToQueue(QUEUE, parked.content, { persistent: true });
    channel.ack(parked);
    expect(await orderOf(userId)).toEqual(['user', 'project']);
  });
});

/** What the handlers of sharing write, in order; by triggers, so that it commits with it. */
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
