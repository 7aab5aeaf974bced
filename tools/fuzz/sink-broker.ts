import {
  type BatchHandler,
  Broker,
  type BrokerHealth,
  type BrowseOutcome,
  CONTROL_QUEUE,
  type Consumption,
  type Delivery,
  InMemoryBroker,
  type OutgoingMessage,
  PARKED_KEY,
} from '@dbem/transport';

const MAX_HEADERS_LENGTH = 40_000;

/** Accepts and discards every message; counts them by target, and checks that parked messages have a reason. */
export class SinkBroker extends Broker {
  readonly topology = new InMemoryBroker().topology;
  readonly counts = { parked: 0, replied: 0, control: 0, other: 0 };
  readonly codes = new Map<string, number>();
  /** The handler of the consumer under test. */
  handler: BatchHandler = async () => {};

  async start(): Promise<void> {}
  async stop(): Promise<void> {}

  async publish({ exchange, routingKey, headers = {} }: OutgoingMessage): Promise<void> {
    if (exchange !== '' && routingKey === PARKED_KEY) {
      this.counts.parked += 1;
      this.checkReason(headers);
    } else if (routingKey === CONTROL_QUEUE) this.counts.control += 1;
    else this.counts.other += 1;
  }

  reply(): void {
    this.counts.replied += 1;
  }

  publishTransient(): Promise<void> {
    throw new Error('not expected: publishTransient');
  }

  request(): Promise<Delivery> {
    throw new Error('not expected: request');
  }

  browse(): Promise<BrowseOutcome> {
    throw new Error('not expected: browse');
  }

  consume(_queue: string, handler: BatchHandler): Consumption {
    this.handler = handler;
    return { isRegistered: true, registration: 1, stop: async () => {} };
  }

  consumeInOrder(): Consumption {
    throw new Error('not expected: consumeInOrder');
  }

  answeredMs(): number {
    return 0;
  }

  health(): BrokerHealth {
    return { isConnected: true, reconnects: 0 };
  }

  private checkReason(headers: Readonly<Record<string, unknown>>): void {
    const code = headers['x-dbem-reason-code'];
    const reason = headers['x-dbem-reason'];
    if (typeof code !== 'string' || typeof reason !== 'string' || reason === '')
      throw new Error('parked without a reason');
    const ours = Object.entries(headers).filter(([name]) => name.startsWith('x-dbem-'));
    if (JSON.stringify(ours).length > MAX_HEADERS_LENGTH) throw new Error('parked with headers that are too large');
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
  }
}
