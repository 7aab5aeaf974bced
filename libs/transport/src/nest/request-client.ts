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
  /** Default: 10,000. */
  readonly timeoutMs?: number;
}

/** What `send` takes as its pattern. */
export interface RequestPattern {
  readonly service: string;
  readonly role: RequestRole;
  readonly method: string;
}

/** How long the reply queue outlives its client. */
const REPLY_QUEUE_EXPIRY_MS = 60_000;

/** Nest's client for requests to services, over the `Broker`. Replies come to a queue of this client's own. */
export class RequestClient extends ClientProxy implements Lifecycle {
  private readonly replyKey = `replies.${randomUUID()}`;
  private readonly waiting = new Map<string, (reply: Delivery) => void>();
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
        for (const delivery of deliveries) this.waiting.get(delivery.correlationId ?? '')?.(delivery);
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
   * Calls a method of a service; any instance of it answers. May be carried out although it rejects, and twice if an instance
   * dies in the middle.
   *
   * @throws DbEventError SERVICE_UNREACHABLE (no instance is there), REQUEST_TIMEOUT, BROKER_UNAVAILABLE, all retryable; what
   *   the service answered with, RPC_METHOD_UNKNOWN and RPC_FAILED among it; MESSAGE_MALFORMED for an answer that does not fit.
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
    this.waiting.set(correlationId, ({ body }) => {
      try {
        callback({ response: resultOf(body), isDisposed: true });
      } catch (err) {
        callback({ err });
      }
    });
    this.request(pattern, data, correlationId).catch((err: unknown) => callback({ err }));
    return () => this.waiting.delete(correlationId);
  }

  protected dispatchEvent(): Promise<never> {
    throw new Error('What is told and not asked is no request: publishTransient it through the Broker');
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
  return new DbEventError('SERVICE_UNREACHABLE', `No instance of "${service}" takes requests now`, { retryable: true });
}
