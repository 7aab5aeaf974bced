import { BATCH_CONTENT_TYPE, decodeBatch } from '@dbem/transport';
import { type ConsumeMessage, connect } from 'amqplib';
import { Pool } from 'pg';
import { runProgram } from '../harness/run-program';
import { readUserEvent, type UserEvent } from './read-user-event';

export interface ApplyFloorConfig {
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly queue: string;
  readonly replica: 'sharing' | 'registry';
  readonly prefetch: number;
  /** Events per transaction. */
  readonly maxBatch: number;
}

interface Arrived {
  readonly body: Buffer;
  /** On the last event of a message: the message, to be acknowledged. */
  readonly message?: ConsumeMessage;
}

/** Without checks. */
function eventsIn(message: ConsumeMessage): Arrived[] {
  const { content, properties } = message;
  if (properties.contentType !== BATCH_CONTENT_TYPE) return [{ body: content, message }];
  const { elements } = decodeBatch(content);
  return elements.map(({ body }, index) => (index < elements.length - 1 ? { body } : { body, message }));
}

const TABLES = {
  sharing: { table: 'sharing_user', key: 'domain_id, user_id', userId: 'entity_id' },
  registry: { table: 'registry_user', key: 'gateway_id, user_id', userId: 'user_id' },
};

/** Version gate and write in one statement, which is its own transaction. */
function applyStatement(replica: ApplyFloorConfig['replica']): string {
  const { table, key, userId } = TABLES[replica];
  return `
    WITH candidate AS (
      SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
        AS event (publisher, entity_id, version, gateway_id, user_id, first_name, last_name, email)
    ), passed AS (
      INSERT INTO db_event.replica_version AS present (publisher, entity_type, entity_id, version, deleted)
      SELECT publisher, 'USER_PROFILE', entity_id, version, false FROM candidate
      ON CONFLICT (publisher, entity_type, entity_id) DO UPDATE
      SET version = excluded.version, deleted = false, follows_delete = present.deleted, applied_at = clock_timestamp()
      WHERE present.version < excluded.version
      RETURNING entity_id
    )
    INSERT INTO ${table} (${key}, first_name, last_name, email)
    SELECT gateway_id, ${userId}, first_name, last_name, email FROM candidate JOIN passed USING (entity_id)
    ON CONFLICT (${key}) DO UPDATE
    SET first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email`;
}

/**
 * A minimal loop: consumes what has arrived, upserts it with the version gate in one prepared statement and
 * acknowledges it, while the next batch arrives. Of several events of one entity only the newest is written.
 */
await runProgram<ApplyFloorConfig>(async (config) => {
  const pool = new Pool({ connectionString: config.databaseUrl, max: 1 });
  const connection = await connect(config.amqpUrl, { noDelay: true });
  const channel = await connection.createChannel();
  const arrived: Arrived[] = [];
  const text = applyStatement(config.replica);
  let isBusy = false;

  const apply = async (batch: readonly Arrived[]) => {
    const newest = new Map<string, UserEvent>();
    for (const { body } of batch) {
      const event = readUserEvent(body);
      const present = newest.get(event.entityId);
      if (present === undefined || BigInt(event.version) > BigInt(present.version)) newest.set(event.entityId, event);
    }
    const events = [...newest.values()].sort((left, right) => (left.entityId < right.entityId ? -1 : 1));
    await pool.query({
      name: 'apply',
      text,
      values: [
        events.map(({ publisher }) => publisher),
        events.map(({ entityId }) => entityId),
        events.map(({ version }) => version),
        events.map(({ gatewayId }) => gatewayId),
        events.map(({ userId }) => userId),
        events.map(({ firstName }) => firstName),
        events.map(({ lastName }) => lastName),
        events.map(({ email }) => email),
      ],
    });
    const last = batch.findLast(({ message }) => message !== undefined)?.message;
    if (last !== undefined) channel.ack(last, true);
  };
  const work = async () => {
    if (isBusy) return;
    isBusy = true;
    while (arrived.length > 0) await apply(arrived.splice(0, config.maxBatch));
    isBusy = false;
  };
  return {
    async go() {
      await channel.prefetch(config.prefetch);
      await channel.consume(config.queue, (message) => {
        if (message === null) throw new Error('The broker cancelled the consumer');
        arrived.push(...eventsIn(message));
        setImmediate(() => void work());
      });
      // It runs until it is stopped.
      return new Promise(() => {});
    },
    async stop() {
      await connection.close();
      await pool.end();
    },
  };
});
