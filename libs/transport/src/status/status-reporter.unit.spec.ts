import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InMemoryBroker } from '../in-memory/in-memory-broker';
import { STATUS_EXCHANGE } from '../topology/topology-names';
import { decodeServiceStatus, type ServiceStatus } from './service-status';
import { StatusReporter } from './status-reporter';

describe('StatusReporter', () => {
  let broker: InMemoryBroker;
  let said: ServiceStatus[];

  beforeEach(async () => {
    broker = new InMemoryBroker();
    said = [];
    await broker.start();
  });

  afterEach(async () => {
    await broker.stop();
  });

  async function listen(): Promise<void> {
    await broker.topology.declareExchange({ name: STATUS_EXCHANGE, type: 'fanout' });
    await broker.topology.declareQueue({
      name: 'q',
      kind: 'classic',
      bindings: [{ exchange: STATUS_EXCHANGE, routingKey: '' }],
    });
    broker.consume(
      'q',
      async (deliveries) => void said.push(...deliveries.map(({ body }) => decodeServiceStatus(body))),
    );
  }

  const outbox = { depth: 1, oldestAgeMs: 2, published: 3, clockOffsetMs: 4 };

  it('The status reporter publishes all parts of a service in one report, again and again', async () => {
    await listen();
    const reporter = new StatusReporter(broker, { intervalMs: 10 });
    reporter.add('sharing', async () => ({ outbox }));
    reporter.add('sharing', async () => ({ heard: [] }));
    reporter.probeReadinessBy(async () => ({ isReady: false, reasons: ['x'.repeat(1_000)] }));
    await reporter.start();
    await vi.waitFor(() => expect(said.length).toBeGreaterThan(2));
    await reporter.stop();
    expect(said[0]).toMatchObject({
      service: 'sharing',
      isReady: false,
      reasons: ['x'.repeat(200)],
      outbox,
      heard: [],
    });
    expect(new Set(said.map(({ instance }) => instance)).size).toBe(1);
  });

  it('The status reporter announces the shutdown when it stops', async () => {
    await listen();
    const reporter = new StatusReporter(broker);
    reporter.add('sharing', async () => ({ outbox }));
    await reporter.start();
    await vi.waitFor(() => expect(said.length).toBe(1));
    await reporter.stop();
    await reporter.stop();
    await vi.waitFor(() => expect(said.at(-1)).toMatchObject({ isLeaving: true }));
    expect(said.length).toBe(2);
  });

  it('The status reporter goes on when the exchange is missing and when a part fails', async () => {
    let isBroken = true;
    const reporter = new StatusReporter(broker, { intervalMs: 10 });
    reporter.add('sharing', async () => {
      if (isBroken) throw new Error('the database is away');
      return { outbox };
    });
    await reporter.start();
    isBroken = false;
    await listen();
    await vi.waitFor(() => expect(said.length).toBeGreaterThan(0), { timeout: 10_000 });
    await reporter.stop();
  });

  it('The status reporter without parts publishes nothing', async () => {
    await listen();
    const reporter = new StatusReporter(broker, { intervalMs: 10 });
    await reporter.start();
    await reporter.stop();
    expect(said).toEqual([]);
  });
});
