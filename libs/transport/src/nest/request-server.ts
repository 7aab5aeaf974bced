import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { type Log, SILENT_LOG } from '@dbem/runtime';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { Broker, Delivery } from '../broker.port';
import { ReconnectingConsumption } from '../reconnecting-consumption';
import {
  decodeRequest,
  encodeFailure,
  encodeResult,
  REPLY_EXCHANGE,
  type RequestRole,
  requestQueueOf,
} from '../requests/request-wire';
import { RequestContext } from './request-context';
import { requestFailureOf } from './request-failure';
import { REQUEST_TRANSPORTS } from './request-transports';

export interface RequestServerOptions {
  readonly service: string;
  readonly role: RequestRole;
  /** How many requests are worked on at once. Default: 4. */
  readonly concurrency?: number;
  readonly log?: Log;
}

/** A request that nobody has taken for so long is not wanted any more. */
const REQUEST_TTL_MS = 30_000;

/**
 * Nest's strategy for the event manager's requests to a service, over the `Broker`. All instances of the service take from one
 * queue, so any of them may answer, and one that dies in the middle of a request leaves it to another: a method must bear to be
 * called twice.
 *
 * What a method throws is sent back as the answer. A request for a method that is not there is answered with
 * RPC_METHOD_UNKNOWN: an older service meets a newer event manager.
 *
 *   bound (Nest adds the handlers) -start, or listen-> consuming -stop, or close: requests under way are answered-> stopped
 */
export class RequestServer extends Server implements CustomTransportStrategy, Lifecycle {
  override readonly transportId: symbol;
  readonly queue: string;
  private readonly role: RequestRole;
  private readonly consumption: ReconnectingConsumption;
  private readonly log: Log;

  constructor(
    private readonly broker: Broker,
    { service, role, concurrency = 4, log = SILENT_LOG }: RequestServerOptions,
  ) {
    super();
    this.role = role;
    this.transportId = REQUEST_TRANSPORTS[role];
    this.queue = requestQueueOf(service, role);
    this.log = log;
    this.consumption = new ReconnectingConsumption(
      broker,
      { name: this.queue, kind: 'classic', messageTtlMs: REQUEST_TTL_MS },
      async (deliveries) => {
        for (const delivery of deliveries) await this.answer(delivery);
      },
      { prefetch: concurrency, maxBatch: 1, maxBatchesInFlight: concurrency },
      log,
    );
  }

  async start(): Promise<void> {
    await this.consumption.start();
  }

  /** Finishes the requests under way. */
  async stop(): Promise<void> {
    await this.consumption.stop();
  }

  listen(callback: (error?: unknown) => void): void {
    this.start().then(() => callback(), callback);
  }

  close(): Promise<void> {
    return this.stop();
  }

  get isRegistered(): boolean {
    return this.consumption.isRegistered;
  }

  on(): never {
    throw new Error('A RequestServer has no events: see `isRegistered`');
  }

  unwrap<T>(): T {
    return this.broker as T;
  }

  private async answer(delivery: Delivery): Promise<void> {
    const { replyTo, correlationId } = delivery;
    if (replyTo === undefined || correlationId === undefined) {
      this.log.warn({ messageId: delivery.messageId }, 'dropped a request without replyTo or correlationId');
      return;
    }
    await this.broker.publish({
      exchange: REPLY_EXCHANGE,
      routingKey: replyTo,
      correlationId,
      contentType: 'application/json',
      body: await this.replyTo(delivery),
      // Who asked may have gone meanwhile.
      mandatory: false,
    });
  }

  private async replyTo(delivery: Delivery): Promise<Buffer> {
    try {
      const { method, params } = decodeRequest(delivery.body);
      const handler = this.messageHandlers.get(method);
      if (handler === undefined) throw new DbEventError('RPC_METHOD_UNKNOWN', `There is no method "${method}"`);
      const context = new RequestContext([delivery, this.role, method]);
      const answer = this.transformToObservable(await handler(params, context));
      return encodeResult(await lastValueFrom(answer, { defaultValue: null }));
    } catch (error) {
      this.log.warn({ err: error }, 'a request failed');
      return encodeFailure(requestFailureOf(error));
    }
  }
}
