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
  /** Maximum number of requests handled at once. Default: 4. */
  readonly concurrency?: number;
  readonly log?: Log;
}

/** A request that no instance has consumed for this long is dropped: its requester no longer waits for the answer. */
const REQUEST_TTL_MS = 30_000;

/**
 * Nest's transport strategy for the event manager's requests to a service, over the `Broker`. All instances of the
 * service consume one queue, so any of them may answer. If an instance crashes during a request, another one handles
 * it again, so methods must be idempotent.
 *
 * An error that a method throws is sent back as the answer. An unknown method is answered with RPC_METHOD_UNKNOWN: the
 * service is older than the event manager.
 *
 *   bound (Nest adds the handlers) -start or listen-> consuming -stop or close, after running requests-> stopped
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

  /** Waits for the running requests. */
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
    throw new Error('RequestServer emits no events: use `isRegistered`');
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
    this.broker.reply({
      exchange: REPLY_EXCHANGE,
      routingKey: replyTo,
      correlationId,
      contentType: 'application/json',
      body: await this.replyTo(delivery),
    });
  }

  private async replyTo(delivery: Delivery): Promise<Buffer> {
    try {
      const { method, params } = decodeRequest(delivery.body);
      const handler = this.messageHandlers.get(method);
      if (handler === undefined) throw new DbEventError('RPC_METHOD_UNKNOWN', `Unknown method "${method}"`);
      const context = new RequestContext([delivery, this.role, method]);
      const answer = this.transformToObservable(await handler(params, context));
      return encodeResult(await lastValueFrom(answer, { defaultValue: null }));
    } catch (error) {
      this.log.warn({ err: error, role: this.role, correlationId: delivery.correlationId }, 'request failed');
      return encodeFailure(requestFailureOf(error));
    }
  }
}
