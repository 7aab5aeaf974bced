import { performance } from 'node:perf_hooks';
import { userProfileCodec } from '@dbem/entity-codec';
import { ConfirmThenCommitChangePublisher, OutboxChangePublisher, updated } from '@dbem/outbox';
import { RabbitMqBroker } from '@dbem/transport';
import { Pool } from 'pg';
import { runProgram } from '../harness/run-program';
import { until } from '../harness/until';
import { percentile } from '../report/statistics';
import { PUBLISHER } from './users';
import { Gate, type Publication, type WriteConfig, type WrittenChange, writeChanges } from './write-changes';

export interface WriterConfig extends WriteConfig {
  /** How changes are published; `none`: only the rows are written. */
  readonly protocol: 'outbox' | 'confirm-then-commit' | 'none';
}

/** A service that only writes through our library: the part before the relay. */
await runProgram<WriterConfig>(async (config) => {
  const pool = new Pool({ connectionString: config.databaseUrl, max: config.writers, pipeline: true });
  const gate = new Gate();
  const broker = config.protocol === 'confirm-then-commit' ? new RabbitMqBroker({ url: config.amqpUrl }) : undefined;
  await broker?.start();
  if (broker !== undefined) await until(() => broker.health().isConnected, { what: 'the broker' });
  const roundTripsMs: number[] = [];
  const publication = publicationOf(config, broker, roundTripsMs);
  return {
    async go() {
      const figures = await writeChanges(pool, config, publication, gate);
      if (roundTripsMs.length === 0) return figures;
      return {
        ...figures,
        acknowledgedP50Ms: percentile(roundTripsMs, 50),
        acknowledgedP99Ms: percentile(roundTripsMs, 99),
      };
    },
    setPaused: (isPaused) => gate.setPaused(isPaused),
    async stop() {
      gate.end();
      await broker?.stop();
      await pool.end();
    },
  };
});

function publicationOf(
  { protocol }: WriterConfig,
  broker: RabbitMqBroker | undefined,
  roundTripsMs: number[],
): Publication {
  if (protocol === 'none') return {};
  const changesOf = (changes: readonly WrittenChange[]) => changes.map(({ user }) => updated(userProfileCodec, user));
  if (broker === undefined) {
    const publisher = new OutboxChangePublisher(PUBLISHER);
    return {
      async inTransaction(client, changes) {
        await publisher.publishAll(client, changesOf(changes));
      },
    };
  }
  const publisher = new ConfirmThenCommitChangePublisher(broker, { service: PUBLISHER });
  return {
    async inTransaction(client, changes) {
      const beganAtMs = performance.now();
      await publisher.publishAll(client, changesOf(changes));
      roundTripsMs.push(performance.now() - beganAtMs);
    },
  };
}
