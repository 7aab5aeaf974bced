import {
  type BrokerHealth,
  type Delivery,
  decodeBatch,
  type Element,
  InMemoryBroker,
  type OutgoingMessage,
} from '@dbem/transport';

/** A broker that records what is published, and confirms, rejects and replies as scripted by the test. */
export class ScriptedBroker extends InMemoryBroker {
  readonly published: OutgoingMessage[] = [];
  readonly requests: { readonly message: OutgoingMessage; readonly timeoutMs: number }[] = [];
  isAway = false;
  /** Resolves: the broker confirms. Rejects: the publish fails with that error. */
  confirm: (message: OutgoingMessage) => Promise<void> = async () => {};
  /** The body of the reply to a request. */
  answer: (message: OutgoingMessage) => Promise<Buffer> = async () => Buffer.alloc(0);

  /** The events of the published batches. */
  get events(): readonly Element[] {
    return this.published.flatMap(eventsIn);
  }

  override async publish(message: OutgoingMessage): Promise<void> {
    this.published.push(message);
    await this.confirm(message);
  }

  override async request(message: OutgoingMessage, { timeoutMs }: { readonly timeoutMs: number }): Promise<Delivery> {
    this.requests.push({ message, timeoutMs });
    return { body: await this.answer(message), headers: {}, exchange: '', routingKey: '', redelivered: false };
  }

  override health(): BrokerHealth {
    return { isConnected: !this.isAway, reconnects: 0 };
  }
}

/** The events of a batch. */
export function eventsIn({ body }: OutgoingMessage): readonly Element[] {
  return decodeBatch(body).elements;
}
