import { randomUUID } from 'node:crypto';
import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { type Log, SILENT_LOG } from '@dbem/runtime';
import { currentTraceContext } from '@dbem/telemetry';
import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { firstValueFrom, throwError, timeout } from 'rxjs';
import type { Broker, Delivery } from '../broker.port';
import { ReconnectingConsumption } from '../reconnecting-consumption';
import type { RequestMethod } from '../requests/request-method';
import { encodeRequest, REPLY_EXCHANGE, type RequestRole, requestQueueOf, resultOf } from '../requests/request-wire';

export interface AskOptions {
  /** ms. Default: 10,000. */
  readonly timeoutMs?: number;
}

/** The pattern for `send`. */
export interface RequestPattern {
  readonly service: string;
  readonly role: RequestRole;
  readonly method: string;
}

/** How long the reply queue outlives its client, ms. */
const REPLY_QUEUE_EXPIRY_MS = 60_000;

/** Nest's client for requests to services, over the `Broker`. Each client has its own reply queue. */
export class RequestClient extends ClientProxy implements Lifecycle {
  private readonly replyKey = `replies.${randomUUID()}`;
  private readonly pending = new Map<string, (reply: Delivery) => void>();
  private readonly replies: ReconnectingConsumption;

  constructor(
    private readonly broker: Broker,
    log: Log = SILENT_LOG,
  ) {
    super();
    this.replies = new ReconnectingConsumption(
      broker,
      {
        name: `db.event.${this.replyKey}`,
        kind: 'classic',
        expiresMs: REPLY_QUEUE_EXPIRY_MS,
        bindings: [{ exchange: REPLY_EXCHANGE, routingKey: this.replyKey }],
      },
      async (deliveries) => {
        for (const delivery of deliveries) this.pending.get(delivery.correlationId ?? '')?.(delivery);
      },
      {},
      log,
    );
  }

  async start(): Promise<void> {
    await this.replies.start();
  }

  async stop(): Promise<void> {
    await this.replies.stop();
  }

  connect(): Promise<void> {
    return this.start();
  }

  close(): Promise<void> {
    return this.stop();
  }

  get isRegistered(): boolean {
    return this.replies.isRegistered;
  }

  unwrap<T>(): T {
    return this.broker as T;
  }

  /**
   * Calls a method of a service; any instance may answer. The method may have been executed although the call rejects,
   * and may be executed twice if an instance crashes during it.
   *
   * @throws DbEventError SERVICE_UNREACHABLE (no instance is running), REQUEST_TIMEOUT, BROKER_UNAVAILABLE, all
   *   retryable; the error that the service answered with, for example RPC_METHOD_UNKNOWN or RPC_FAILED;
   *   MESSAGE_MALFORMED for an invalid answer.
   */
  async ask<Params extends object, Answer>(
    service: string,
    { role, name, answer }: RequestMethod<Params, Answer>,
    params: Params,
    { timeoutMs = 10_000 }: AskOptions = {},
  ): Promise<Answer> {
    const pattern: RequestPattern = { service, role, method: name };
    const late = new DbEventError('REQUEST_TIMEOUT', `"${service}" did not answer within ${timeoutMs} ms`, {
      retryable: true,
    });
    const answered = this.send<unknown>(pattern, params).pipe(
      timeout({ first: timeoutMs, with: () => throwError(() => late) }),
    );
    return answer(await firstValueFrom(answered));
  }

  protected publish({ pattern, data }: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    const correlationId = randomUUID();
    this.pending.set(correlationId, ({ body }) => {
      try {
        callback({ response: resultOf(body), isDisposed: true });
      } catch (err) {
        callback({ err });
      }
    });
    this.request(pattern, data, correlationId).catch((err: unknown) => callback({ err }));
    return () => this.pending.delete(correlationId);
  }

  protected dispatchEvent(): Promise<never> {
    throw new Error('RequestClient can only send requests, not events: use Broker.publishTransient');
  }

  private async request({ service, role, method }: RequestPattern, params: unknown, correlationId: string) {
    const queue = requestQueueOf(service, role);
    const state = await this.broker.topology.inspectQueue(queue);
    if (state === undefined || state.consumers === 0) throw unreachable(service);
    const headers = currentTraceContext();
    await this.broker.publish({
      exchange: '',
      routingKey: queue,
      replyTo: this.replyKey,
      correlationId,
      contentType: 'application/json',
      ...(headers !== undefined && { headers }),
      body: encodeRequest({ method, params }),
    });
  }
}

function unreachable(service: string): DbEventError {
  return new DbEventError('SERVICE_UNREACHABLE', `No instance of "${service}" consumes requests`, { retryable: true });
}
