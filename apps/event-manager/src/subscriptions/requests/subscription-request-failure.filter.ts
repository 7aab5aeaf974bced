import { DbEventError } from '@dbem/db-event';
import { Log } from '@dbem/runtime';
import {
  Broker,
  CONTROL_QUEUE,
  type Delivery,
  MANAGER_ROUTING_KEY,
  parkedMessage,
  type RequestContext,
  retriedMessage,
} from '@dbem/transport';
import { type ArgumentsHost, Catch, type RpcExceptionFilter } from '@nestjs/common';
import { defer, type Observable, throwError } from 'rxjs';
import { Replier } from '../../intake/replier';

/**
 * Refuses, retries or parks a request that can't be carried out. It is refused if its sender waits for an answer: it asks again.
 * A sender that waits for none (an old service) would never ask again, so its request comes back from a retry level until it
 * succeeds, if it can. What is no DbEventError, and what fails here, sends the message back to the queue.
 */
@Catch()
export class SubscriptionRequestFailureFilter implements RpcExceptionFilter {
  constructor(
    private readonly broker: Broker,
    private readonly replier: Replier,
    private readonly log: Log,
  ) {}

  catch(error: unknown, host: ArgumentsHost): Observable<void> {
    if (!(error instanceof DbEventError)) return throwError(() => error);
    const { delivery } = host.switchToRpc().getContext<RequestContext>();
    return defer(() => this.settle(delivery, error));
  }

  private async settle(delivery: Delivery, error: DbEventError): Promise<void> {
    this.log.warn({ code: error.code, reason: error.message }, 'could not carry out a request for a subscription');
    if (delivery.replyTo !== undefined) {
      await this.replier.reject(delivery, error);
    } else if (error.retryable) {
      await this.broker.publish(retriedMessage(delivery, CONTROL_QUEUE));
    } else {
      await this.broker.publish(parkedMessage(delivery, MANAGER_ROUTING_KEY, error));
    }
  }
}
