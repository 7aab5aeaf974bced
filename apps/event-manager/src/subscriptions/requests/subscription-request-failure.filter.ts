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
 * Rejects, retries or parks a failed subscription request. If the client requested a reply, rejects: the client
 * retries. A legacy service requests no reply and never retries, so a retryable failure goes to a retry queue and any
 * other one is parked. Errors other than DbEventError, and failures of this filter, return the message to the queue.
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
    return defer(() => this.handle(delivery, error));
  }

  private async handle(delivery: Delivery, error: DbEventError): Promise<void> {
    this.log.warn({ code: error.code, reason: error.message }, 'subscription request failed');
    if (delivery.replyTo !== undefined) {
      this.replier.reject(delivery, error);
    } else if (error.retryable) {
      await this.broker.publish(retriedMessage(delivery, CONTROL_QUEUE));
    } else {
      await this.broker.publish(parkedMessage(delivery, MANAGER_ROUTING_KEY, error));
    }
  }
}
