import type { BatchHandler, Broker, ConsumeOptions, Consumption } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { waitFor } from '../waiting/wait-for';

/** Makes clients of a broker. */
export interface BrokerHarness {
  /** A started broker client. */
  makeBroker(): Promise<Broker>;
  /** All clients speak to the same broker; otherwise each is a broker of its own. */
  readonly isShared: boolean;
  tearDown(): Promise<void>;
}

/**
 * One broker client for all tests of a suite. A test keeps apart from the others by naming its queues and exchanges with `named`;
 * its consumptions end with it.
 */
export class SharedBroker {
  private harness: BrokerHarness | undefined;
  private client: Broker | undefined;
  private readonly consumptions: Consumption[] = [];
  private tests = 0;

  private constructor() {}

  /** To be called in a `describe`. */
  static use(setUp: () => Promise<BrokerHarness>): SharedBroker {
    const shared = new SharedBroker();
    beforeAll(() => shared.start(setUp));
    beforeEach(() => shared.beginTest());
    afterEach(() => shared.endTest());
    afterAll(() => shared.stop());
    return shared;
  }

  get broker(): Broker {
    if (this.client === undefined) throw new Error('The broker has not been started');
    return this.client;
  }

  /** See `BrokerHarness`. */
  get isShared(): boolean {
    return this.harness?.isShared ?? false;
  }

  /** One more client, connected. The test stops it. */
  async makeBroker(): Promise<Broker> {
    if (this.harness === undefined) throw new Error('The broker has not been started');
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

  /** Consumes until the test ends; `texts` grows. */
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
