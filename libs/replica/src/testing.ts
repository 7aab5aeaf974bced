/** For this repository's tests only: internals that are compared with a model separately from the applier. */
export { compareKeys, type GateCandidate, keyText, passGate } from './postgres/version-gate';
export { SWEEP_LOCK } from './sweep/sweep-lock';
