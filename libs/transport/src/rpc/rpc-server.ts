import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { type Log, SILENT_LOG } from '@dbem/runtime';
import type { Broker, Delivery } from '../broker.port';
import { KeptConsumption } from './kept-consumption';
import {
  decodeRequest,
  encodeFailure,
  encodeResult,
  REPLY_EXCHANGE,
  type RpcRole,
  requestQueueOf,
} from './rpc-protocol';

/** Answers one method. Params and result are JSON; write bigints as strings. */
// biome-ignore lint/suspicious/noExplicitAny: each method checks its own params.
export type RpcHandler = (params: any) => Promise<unknown>;

export interface RpcServerOptions {
  readonly service: string;
  readonly role: RpcRole;
  /** How many requests are worked on at once. Default: 4. */
  readonly concurrency?: number;
  readonly log?: Log;
}

/** A request that nobody has taken for so long is not wanted any more. */
const REQUEST_TTL_MS = 30_000;

/**
 * Answers the event manager's requests to a service. All instances of the service take from one queue, so any of them may
 * answer, and one that dies in the middle of a request leaves it to another: a method must bear to be called twice.
 *
 * What a method throws goes back as the answer. A request for a method that is not there is answered with
 * RPC_METHOD_UNKNOWN: an older service meets a newer event manager.
 */
export class RpcServer implements Lifecycle {
  private readonly methods = new Map<string, RpcHandler>();
  private readonly consumption: KeptConsumption;
  private readonly log: Log;

  constructor(
    private readonly broker: Broker,
    { service, role, concurrency = 4, log = SILENT_LOG }: RpcServerOptions,
  ) {
    this.log = log;
    this.consumption = new KeptConsumption(
      broker,
      { name: requestQueueOf(service, role), kind: 'classic', messageTtlMs: REQUEST_TTL_MS },
      async (deliveries) => {
        for (const delivery of deliveries) await this.answer(delivery);
      },
      { prefetch: concurrency, maxBatch: 1, maxBatchesInFlight: concurrency },
      log,
    );
  }

  /** Before `start`. */
  on(method: string, handler: RpcHandler): this {
    this.methods.set(method, handler);
    return this;
  }

  async start(): Promise<void> {
    await this.consumption.start();
  }

  /** Finishes the requests under way. */
  async stop(): Promise<void> {
    await this.consumption.stop();
  }

  get isAttached(): boolean {
    return this.consumption.isAttached;
  }

  private async answer(delivery: Delivery): Promise<void> {
    const { replyTo, correlationId } = delivery;
    if (replyTo === undefined || correlationId === undefined) {
      this.log.warn({ messageId: delivery.messageId }, 'dropped a request that says not where to answer');
      return;
    }
    await this.broker.publish({
      exchange: REPLY_EXCHANGE,
      routingKey: replyTo,
      correlationId,
      contentType: 'application/json',
      body: await this.replyTo(delivery.body),
      // Who asked may have gone meanwhile.
      mandatory: false,
    });
  }

  private async replyTo(body: Buffer): Promise<Buffer> {
    try {
      const { method, params } = decodeRequest(body);
      const handler = this.methods.get(method);
      if (handler === undefined) throw new DbEventError('RPC_METHOD_UNKNOWN', `There is no method "${method}"`);
      return encodeResult(await handler(params));
    } catch (error) {
      this.log.warn({ err: error }, 'a request failed');
      return encodeFailure(
        error instanceof DbEventError ? error : new DbEventError('RPC_FAILED', String(error), { cause: error }),
      );
    }
  }
}
