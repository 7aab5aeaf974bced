import type { Lifecycle } from '@dbem/db-event';
import { Broker, CONTROL_QUEUE, type Consumption, type Delivery, RequestContext } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { ConsumerRegistrations } from '../../topology/consumer-registrations';
import { SUBSCRIPTION_REQUESTS } from './request-patterns';
import { SubscriptionRequestDeserializer } from './subscription-request.deserializer';

const REQUESTS_IN_FLIGHT = 8;

/**
 * Nest transport strategy for subscribe and unsubscribe requests: dispatches messages of the control queue to the
 * controller. Acknowledges a request when its method, or the exception filter, has resolved; if the filter throws,
 * the broker redelivers the request. Sends no replies: the methods do, so that a failed reply is handled like any
 * other failure.
 *
 *   bound (Nest adds the handlers) -start-> consuming -stop, or close: finishes requests in progress-> stopped
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
    registrations: ConsumerRegistrations,
  ) {
    super();
    registrations.add(() => this.isRegistered);
  }

  async start(): Promise<void> {
    if (this.isStopped) return;
    this.consumption ??= this.broker.consume(
      this.queue,
      async (deliveries) => {
        for (const delivery of deliveries) await this.dispatch(delivery);
      },
      { prefetch: REQUESTS_IN_FLIGHT, maxBatch: 1, maxBatchesInFlight: REQUESTS_IN_FLIGHT },
    );
  }

  /** Waits for requests in progress. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.consumption?.stop();
  }

  /** Does not start consuming: the module calls `start` once the map has been read. */
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
    throw new Error('SubscriptionRequestServer emits no events: use `isRegistered`');
  }

  unwrap<T>(): T {
    return this.broker as T;
  }

  private async dispatch(delivery: Delivery): Promise<void> {
    const { pattern, data } = this.deserializer.deserialize(delivery.body);
    const handler = this.messageHandlers.get(pattern);
    if (handler === undefined) throw new Error(`No handler is bound to the pattern "${pattern}"`);
    const context = new RequestContext([delivery, 'manager', pattern]);
    await lastValueFrom(this.transformToObservable(await handler(data, context)), { defaultValue: undefined });
  }
}
