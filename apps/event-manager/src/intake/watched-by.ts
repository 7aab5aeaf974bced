import type { Tail } from '@dbem/observation';
import type { IntakeObserver } from './intake-observer';

/** Tells the observer all, and shows the tail what has been sent on. */
export function watchedBy(tail: Tail, observer: IntakeObserver): IntakeObserver {
  return {
    received: (event) => observer.received(event),
    forwarded: (event, services, tookMs, delivery) => {
      observer.forwarded(event, services, tookMs, delivery);
      tail.see(event, services, delivery);
    },
    acknowledged: (publisher, outcome) => observer.acknowledged(publisher, outcome),
    parked: (code, publisher) => observer.parked(code, publisher),
    returned: (count) => observer.returned(count),
  };
}
