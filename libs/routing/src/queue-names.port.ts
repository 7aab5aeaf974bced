/** What queues are called. */
export abstract class QueueNames {
  /** A service's queue. */
  abstract queueOf(service: string): string;
  /** Where the events of a paused subscription wait. */
  abstract pausedQueueOf(publisher: string, subscriber: string): string;
}
