import { randomUUID } from 'node:crypto';
import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { type Log, SILENT_LOG } from '@dbem/runtime';
import type { Broker, Delivery } from '../broker.port';
import { KeptConsumption } from './kept-consumption';
import { encodeRequest, REPLY_EXCHANGE, type RpcRequest, type RpcRole, requestQueueOf, resultOf } from './rpc-protocol';

export interface RpcCallOptions {
  /** Default: 10,000. */
  readonly timeoutMs?: number;
}

/** How long the reply queue outlives its client. */
const REPLY_QUEUE_EXPIRY_MS = 60_000;

/** Asks services. Replies come to a queue of this client's own. */
export class RpcClient implements Lifecycle {
  private readonly replyKey = `replies.${randomUUID()}`;
  private readonly waiting = new Map<string, (reply: Delivery) => void>();
  private readonly replies: KeptConsumption;

  constructor(
    private readonly broker: Broker,
    log: Log = SILENT_LOG,
  ) {
    this.replies = new KeptConsumption(
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

  get isAttached(): boolean {
    return this.replies.isAttached;
  }

  /**
   * Calls a method of a service; any instance of it answers. May be carried out although it rejects, and twice if an instance
   * dies in the middle.
   *
   * @throws DbEventError SERVICE_UNREACHABLE (no instance is there), REQUEST_TIMEOUT, BROKER_UNAVAILABLE, all retryable; what
   *   the service answered with, RPC_METHOD_UNKNOWN and RPC_FAILED among it.
   */
  async call<Result>(
    service: string,
    role: RpcRole,
    request: RpcRequest,
    { timeoutMs = 10_000 }: RpcCallOptions = {},
  ): Promise<Result> {
    const queue = requestQueueOf(service, role);
    const state = await this.broker.topology.inspectQueue(queue);
    if (state === undefined || state.consumers === 0) throw unreachable(service);
    const correlationId = randomUUID();
    let timer: NodeJS.Timeout | undefined;
    const reply = new Promise<Delivery>((resolve, reject) => {
      this.waiting.set(correlationId, resolve);
      timer = setTimeout(() => {
        reject(
          new DbEventError('REQUEST_TIMEOUT', `"${service}" did not answer within ${timeoutMs} ms`, {
            retryable: true,
          }),
        );
      }, timeoutMs);
    });
    // The publish may fail first; then nobody awaits the reply.
    reply.catch(() => {});
    try {
      await this.broker.publish({
        exchange: '',
        routingKey: queue,
        replyTo: this.replyKey,
        correlationId,
        contentType: 'application/json',
        body: encodeRequest(request),
      });
      return resultOf((await reply).body) as Result;
    } finally {
      clearTimeout(timer);
      this.waiting.delete(correlationId);
    }
  }
}

function unreachable(service: string): DbEventError {
  return new DbEventError('SERVICE_UNREACHABLE', `No instance of "${service}" takes requests now`, { retryable: true });
}
