import type { Lifecycle } from '@dbem/db-event';
import { Broker, CONTROL_QUEUE, type Consumption, type Delivery, RequestContext } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { ConsumerRegistrations } from '../../intake/topology/consumer-registrations';
import { SUBSCRIPTION_REQUESTS } from './request-patterns';
import { SubscriptionRequestDeserializer } from './subscription-request.deserializer';

const REQUESTS_IN_FLIGHT = 8;

/**
 * Nest's strategy for requests to subscribe and to unsubscribe, over the `Broker`: hands what comes to the control queue to the
 * controller. A request is acknowledged when its method, or else the filter, is through with it; if the filter throws, it comes
 * again. The strategy answers nobody: an answer that can't be sent is a failure like another, so the method sends it.
 *
 *   bound (Nest adds the handlers) -start-> consuming -stop, or close: requests under way are finished-> stopped
 */
@Injectable()
export class SubscriptionRequestServer extends Server implements CustomTransportStrategy, Lifecycle {
  override readonly transportId = SUBSCRIPTION_REQUESTS;
  readonly queue = CONTROL_QUEUE;
  protected override readonly deserializer = new SubscriptionRequestDeserializer();
  private consumption: Consumption | undefined;
  private isStopped = false;

  constructor(
    private readonly broker: Broker,
    attachments: ConsumerRegistrations,
  ) {
    super();
    attachments.add(() => this.isRegistered);
  }

  async start(): Promise<void> {
    if (this.isStopped) return;
    this.consumption ??= this.broker.consume(
      this.queue,
      async (deliveries) => {
        for (const delivery of deliveries) await this.take(delivery);
      },
      { prefetch: REQUESTS_IN_FLIGHT, maxBatch: 1, maxBatchesInFlight: REQUESTS_IN_FLIGHT },
    );
  }

  /** Finishes the requests under way. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.consumption?.stop();
  }

  /** Starts nothing: that is the module's, which knows when the map has been read. */
  listen(callback: () => void): void {
    callback();
  }

  close(): Promise<void> {
    return this.stop();
  }

  get isRegistered(): boolean {
    return this.consumption?.isRegistered ?? false;
  }

  on(): never {
    throw new Error('A SubscriptionRequestServer has no events: see `isRegistered`');
  }

  unwrap<T>(): T {
    return this.broker as T;
  }

  private async take(delivery: Delivery): Promise<void> {
    const { pattern, data } = this.deserializer.deserialize(delivery.body);
    const handler = this.messageHandlers.get(pattern);
    if (handler === undefined) throw new Error(`Nothing is bound to "${pattern}"`);
    const context = new RequestContext([delivery, 'manager', pattern]);
    await lastValueFrom(this.transformToObservable(await handler(data, context)), { defaultValue: undefined });
  }
}
