/** For this repository's tests only. */
export { SWEEP_LOCK } from './sweep/tombstone-sweep';
