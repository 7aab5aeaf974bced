/**
 * Why a queue takes no events. `refuses`: RabbitMQ rejects messages to it. `missing`: it does not exist, and can't be
 * declared. `silent`: RabbitMQ answers, but confirms no message to it. `slow`: it confirms so late that other queues
 * would wait for it.
 */
export const UNAVAILABILITIES = ['refuses', 'missing', 'silent', 'slow'] as const;

export type Unavailability = (typeof UNAVAILABILITIES)[number];

/** A queue that takes no events at the moment. */
export interface UnavailableQueue {
  readonly service: string;
  readonly queue: string;
  readonly cause: Unavailability;
  /** ms since 1970. */
  readonly sinceMs: number;
}

/** The queues to which this manager can't forward events. */
export abstract class UnavailableQueues {
  abstract readonly unavailable: readonly UnavailableQueue[];

  /** Calls `listener` at each change. */
  abstract onChange(listener: () => void): void;
}
