import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InMemoryBroker } from '../in-memory/in-memory-broker';
import { STATUS_EXCHANGE } from '../topology/topology-names';
import { decodeServiceStatus, type ServiceStatus } from './service-status';
import { StatusReporter } from './status-reporter';

describe('StatusReporter', () => {
  let broker: InMemoryBroker;
  let received: ServiceStatus[];

  beforeEach(async () => {
    vi.useFakeTimers();
    broker = new InMemoryBroker();
    received = [];
    await broker.start();
  });

  afterEach(async () => {
    await broker.stop();
    vi.useRealTimers();
  });

  async function receive(): Promise<void> {
    await broker.topology.declareExchange({ name: STATUS_EXCHANGE, type: 'fanout' });
    await broker.topology.declareQueue({
      name: 'q',
      kind: 'classic',
      bindings: [{ exchange: STATUS_EXCHANGE, routingKey: '' }],
    });
    broker.consume(
      'q',
      async (deliveries) => void received.push(...deliveries.map(({ body }) => decodeServiceStatus(body))),
    );
  }

  const outbox = { depth: 1, oldestAgeMs: 2, published: 3, clockOffsetMs: 4 };

  it('The status reporter publishes all parts of a service in one report, periodically', async () => {
    await receive();
    const reporter = new StatusReporter(broker);
    reporter.add('sharing', async () => ({ outbox }));
    reporter.add('sharing', async () => ({ received: [] }));
    reporter.probeReadinessBy(async () => ({ isReady: false, reasons: ['x'.repeat(1_000)] }));
    await reporter.start();
    await vi.advanceTimersByTimeAsync(10_000);
    await reporter.stop();
    expect(received.length).toBeGreaterThan(2);
    for (const report of received) {
      expect(report).toMatchObject({
        service: 'sharing',
        isReady: false,
        reasons: ['x'.repeat(200)],
        outbox,
        received: [],
      });
    }
    expect(new Set(received.map(({ instance }) => instance)).size).toBe(1);
  });

  it('The status reporter publishes one shutdown report when it stops', async () => {
    await receive();
    const reporter = new StatusReporter(broker);
    reporter.add('sharing', async () => ({ outbox }));
    await reporter.start();
    await vi.advanceTimersByTimeAsync(100);
    expect(received).toHaveLength(1);
    expect(received[0]).not.toHaveProperty('isShuttingDown');
    await reporter.stop();
    await reporter.stop();
    await vi.advanceTimersByTimeAsync(100);
    expect(received).toHaveLength(2);
    expect(received[1]).toMatchObject({ isShuttingDown: true });
  });

  it('The status reporter keeps retrying when a part fails and while the exchange is missing', async () => {
    const publishTransient = vi.spyOn(broker, 'publishTransient');
    const part = vi.fn(async () => ({ outbox })).mockRejectedValueOnce(new Error('database unavailable'));
    const reporter = new StatusReporter(broker);
    reporter.add('sharing', part);
    await reporter.start();
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(part.mock.results[0]?.value).rejects.toThrow('database unavailable');
    await expect(publishTransient.mock.results[0]?.value).rejects.toThrow(STATUS_EXCHANGE);
    await receive();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(received[0]).toMatchObject({ service: 'sharing', outbox });
    await reporter.stop();
  });

  it('The status reporter without parts publishes nothing', async () => {
    await receive();
    const reporter = new StatusReporter(broker);
    await reporter.start();
    await vi.advanceTimersByTimeAsync(10_000);
    await reporter.stop();
    await vi.advanceTimersByTimeAsync(100);
    expect(received).toEqual([]);
  });
});
