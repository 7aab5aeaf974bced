import type { ForwardedEvent } from './forwarded-event';
import type { WaitingDirectory } from './waiting-directory';
import type { WaitingQueue, WaitingQueueServices } from './waiting-queue';

/** What all destinations and lanes of a manager share. */
export interface DestinationServices extends WaitingQueueServices {
  readonly directory: WaitingDirectory;
  readonly fallback: WaitingQueue;
  /** Forwards an event to the service by the map of this moment. */
  readonly forwardAgain: (event: ForwardedEvent, service: string) => void;
  /** Declares the service's missing queue. @returns whether it exists now. */
  readonly declare: (service: string) => Promise<boolean>;
  /** A queue has become unavailable, or available again. */
  readonly onChange: () => void;
}
