import { decodeMessage, type Project, projectCodec } from '@dbem/entity-codec';
import type { ReconcileSource } from '@dbem/outbox';
import {
  type BatchHandler,
  declareManagerTopology,
  INTAKE_QUEUE,
  InMemoryBroker,
  intakeMessage,
} from '@dbem/transport';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReadSender } from '../../libs/outbox/src/testing';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { waitFor } from '../support/waiting/wait-for';

interface Row {
  readonly id: string;
  readonly description: string;
}

const source: ReconcileSource<Project, Row> = {
  codec: projectCodec,
  rows: 'SELECT id COLLATE "C" AS entity_id, * FROM project',
  fields: { description: 'description' },
  entityOf: ({ id, description }) => ({ projectID: id, owner: 'ada', gatewayId: 'gw', name: 'n', description }),
  orphanOf: (projectID) => ({ projectID, owner: '', gatewayId: '', name: '' }),
};

const EVERYTHING = { after: null, to: null };
const LARGE = 600_000;
/** Large entities that fit into 8 MiB. */
const FITTING = 13;

describe('sending large entities', () => {
  let database: FreshDatabase;
  let broker: InMemoryBroker;
  let sender: ReadSender;
  let received: string[];

  beforeAll(async () => {
    database = await freshDatabase('outbox');
    await database.pool.query('CREATE TABLE project (id text, description text)');
    await database.pool.query(
      `INSERT INTO project SELECT 'p' || lpad(place::text, 2, '0'), repeat('d', $1) FROM generate_series(1, 40) AS place`,
      [LARGE],
    );
  });

  beforeEach(async () => {
    await database.pool.query('TRUNCATE db_event.entity_version');
    broker = new InMemoryBroker();
    await broker.start();
    await declareManagerTopology(broker.topology);
    received = [];
    const record: BatchHandler = async (batch) => {
      for (const { body } of batch) {
        const message = decodeMessage(body);
        if (message.kind === 'event') received.push(message.event.entityId ?? '');
      }
    };
    broker.consume(INTAKE_QUEUE, record, { batches: { alone: intakeMessage } });
    sender = new ReadSender(source, { pool: database.pool, broker, service: 'registry' });
  });

  afterAll(() => database?.drop());

  const idsUpTo = (count: number) =>
    Array.from({ length: count }, (_, index) => `p${String(index + 1).padStart(2, '0')}`);

  /** The largest number of rows that one query returned while `work` ran. */
  async function mostRowsDuring(work: () => Promise<unknown>): Promise<number> {
    const query = vi.spyOn(database.pool, 'query');
    try {
      await work();
      const results = await Promise.all(query.mock.results.map(({ value }) => value as unknown as { rows: unknown[] }));
      return Math.max(...results.map(({ rows }) => rows.length));
    } finally {
      query.mockRestore();
    }
  }

  it('A range of large entities is read in slices of at most 8 MiB, and sent completely', async () => {
    const mostRows = await mostRowsDuring(async () => {
      expect(await sender.sendRange('sharing', EVERYTHING, 2_000)).toMatchObject({ rows: 40, last: null });
    });
    expect(mostRows).toBe(FITTING);
    await waitFor(() => received.length === 40);
    expect(received).toEqual(idsUpTo(40));
  });

  it('A range of large entities ends at the limit of the request', async () => {
    expect(await sender.sendRange('sharing', EVERYTHING, 20)).toMatchObject({ rows: 20, last: 'p20' });
    expect(await sender.sendRange('sharing', { after: 'p20', to: 'p35' }, 20)).toMatchObject({ rows: 15, last: null });
  });

  it('Large entities that a repair names are read in slices of at most 8 MiB, and sent completely', async () => {
    const rows = [...idsUpTo(40), 'missing'].map((entityId) => ({ entityId, isRepair: true }));
    const mostRows = await mostRowsDuring(async () => {
      expect(await sender.sendRows('sharing', rows)).toMatchObject({ rows: 40 });
    });
    expect(mostRows).toBe(FITTING);
    await waitFor(() => received.length === 40);
    expect(received).toEqual(idsUpTo(40));
  });
});
