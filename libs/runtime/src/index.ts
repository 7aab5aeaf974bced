export { type Checkpoint, checkpoint } from './checkpoint';
export { answerInTime } from './health/answer-in-time';
export { type HealthIndicators, type IndicatorState, Readiness } from './health/readiness';
export { Log, SILENT_LOG } from './log';
export { readTlsFiles, type TlsFiles, type TlsMaterial } from './sockets/tls-files';
export { writeTogether } from './sockets/write-together';
export { Backoff, type BackoffOptions, pause } from './waiting/backoff';
export { Pace, type PaceOptions } from './waiting/pace';
export { ABORTED, unlessAborted } from './waiting/unless-aborted';
