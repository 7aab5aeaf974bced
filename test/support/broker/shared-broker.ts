import type { BatchHandler, Broker, ConsumeOptions, Consumption } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { waitFor } from '../waiting/wait-for';

/** Creates broker clients. */
export interface BrokerHarness {
  /** A started broker client. */
  makeBroker(): Promise<Broker>;
  /** True if all clients connect to the same broker; otherwise each client is a separate broker. */
  readonly isShared: boolean;
  tearDown(): Promise<void>;
}

/**
 * One broker client for all tests of a suite. Tests name their queues and exchanges with `named`, so that they do not
 * share any; consumptions end with their test.
 */
export class SharedBroker {
  private harness: BrokerHarness | undefined;
  private client: Broker | undefined;
  private readonly consumptions: Consumption[] = [];
  private tests = 0;

  private constructor() {}

  /** Call it in a `describe`: it registers hooks. */
  static use(setUp: () => Promise<BrokerHarness>): SharedBroker {
    const shared = new SharedBroker();
    beforeAll(() => shared.start(setUp));
    beforeEach(() => shared.beginTest());
    afterEach(() => shared.endTest());
    afterAll(() => shared.stop());
    return shared;
  }

  get broker(): Broker {
    if (this.client === undefined) throw new Error('The shared broker is not started: it starts in beforeAll');
    return this.client;
  }

  /** See `BrokerHarness`. */
  get isShared(): boolean {
    return this.harness?.isShared ?? false;
  }

  /** Another connected client. The test must stop it. */
  async makeBroker(): Promise<Broker> {
    if (this.harness === undefined) throw new Error('The shared broker is not started: it starts in beforeAll');
    const broker = await this.harness.makeBroker();
    await waitFor(() => broker.health().isConnected);
    return broker;
  }

  /** A name that no other test uses. */
  named(name: string): string {
    return `${name}-${this.tests}`;
  }

  send(queue: string, text: string): Promise<void> {
    return this.broker.publish({ exchange: '', routingKey: queue, body: Buffer.from(text) });
  }

  /** Consumes until the test ends. */
  consume(queue: string, handler: BatchHandler, options: ConsumeOptions = {}): Consumption {
    const consumption = this.broker.consume(queue, handler, options);
    this.consumptions.push(consumption);
    return consumption;
  }

  /** Consumes until the test ends; `texts` collects the bodies. */
  collect(queue: string): { readonly consumption: Consumption; readonly texts: readonly string[] } {
    const texts: string[] = [];
    const consumption = this.consume(queue, async (deliveries) => {
      texts.push(...deliveries.map(({ body }) => body.toString()));
    });
    return { consumption, texts };
  }

  private async start(setUp: () => Promise<BrokerHarness>): Promise<void> {
    this.harness = await setUp();
    this.client = await this.makeBroker();
  }

  private async beginTest(): Promise<void> {
    this.tests += 1;
    await waitFor(() => this.broker.health().isConnected);
  }

  private async endTest(): Promise<void> {
    await Promise.all(this.consumptions.splice(0).map((consumption) => consumption.stop()));
  }

  private async stop(): Promise<void> {
    await this.client?.stop();
    await this.harness?.tearDown();
  }
}
