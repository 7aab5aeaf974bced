/** For this repository's tests only. */
export { ReadSender } from './reconcile/read-sender';
export { SWEEP_LOCK } from './sweep/tombstone-sweep';
