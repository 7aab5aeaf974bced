/** The names of services' queues. */
export abstract class QueueNames {
  /** A service's queue. */
  abstract queueOf(service: string): string;
}
