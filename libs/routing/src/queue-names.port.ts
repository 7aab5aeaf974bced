/** The names of queues. */
export abstract class QueueNames {
  /** A service's queue. */
  abstract queueOf(service: string): string;
  /** The queue in which the events of a paused subscription wait. */
  abstract pausedQueueOf(publisher: string, subscriber: string): string;
}
