/** For this repository's tests only: what stands behind the applier, and is deferred to a model by itself. */
export { compareKeys, type GateCandidate, keyText, passGate } from './postgres/version-gate';
export { SWEEP_LOCK } from './sweep/sweep-lock';
