import type { ApplierObserver } from './applier-observer';

/** An observer that calls all of these. */
export function allOf(observers: readonly ApplierObserver[]): ApplierObserver {
  return {
    committed: (result, events) => {
      for (const observer of observers) observer.committed?.(result, events);
    },
    retried: (delivery) => {
      for (const observer of observers) observer.retried?.(delivery);
    },
    parked: (code, delivery) => {
      for (const observer of observers) observer.parked?.(code, delivery);
    },
    heartbeat: (event, acknowledgedAtMs) => {
      for (const observer of observers) observer.heartbeat?.(event, acknowledgedAtMs);
    },
  };
}
