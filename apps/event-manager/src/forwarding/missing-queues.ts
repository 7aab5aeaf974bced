import { Log, pause } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Injectable } from '@nestjs/common';
import { ServiceQueues } from '../topology/service-queues';

/**
 * RabbitMQ 3.10 takes up to 50 ms to notify the consumers of a deleted quorum queue. If the queue is declared again
 * earlier, it ends up with stuck consumers.
 */
const PAUSE_BEFORE_DECLARING_MS = 250;

/** Declares services' queues that have gone missing. */
@Injectable()
export class MissingQueues {
  /** By service: all events for a missing queue await the same declaration. */
  private readonly declaring = new Map<string, Promise<boolean>>();

  private readonly listeners = new Set<(service: string) => void>();

  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly serviceQueues: ServiceQueues,
    private readonly log: Log,
  ) {}

  /** Calls `listener` with each service whose queue was missing and has been declared: its events are lost. */
  onDeclared(listener: (service: string) => void): void {
    this.listeners.add(listener);
  }

  /** @returns whether the queues of the service exist now, or are not needed because it no longer subscribes. */
  declare(service: string, stopping: AbortSignal): Promise<boolean> {
    let declaring = this.declaring.get(service);
    if (declaring === undefined) {
      declaring = this.declareLater(service, stopping).finally(() => this.declaring.delete(service));
      this.declaring.set(service, declaring);
    }
    return declaring;
  }

  private async declareLater(service: string, stopping: AbortSignal): Promise<boolean> {
    this.log.warn({ service }, 'service queue is missing; declaring it');
    await pause(PAUSE_BEFORE_DECLARING_MS, stopping);
    try {
      if (!this.registry.map.routedSubscriberNames().includes(service)) return true;
      await this.serviceQueues.declare(service);
      for (const listener of this.listeners) listener(service);
      return true;
    } catch (error) {
      this.log.warn({ service, err: error }, 'could not declare a service queue');
      return false;
    }
  }
}
