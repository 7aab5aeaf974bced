export { Backoff, type BackoffOptions, pause } from './backoff';
export { type Log, SILENT_LOG } from './log';
export { kyselyOver } from './postgres/kysely-over';
export { type Migrations, migrate } from './postgres/migrate';
export { inTransaction } from './postgres/transaction';
