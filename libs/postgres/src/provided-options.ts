import { DbEventError } from '@dbem/db-event';
import { Log, SILENT_LOG } from '@dbem/runtime';
import { Pool } from 'pg';
import { Registry } from 'prom-client';

/** Options that our modules by default inject from the application. */
export interface ProvidedOptions {
  readonly pool: Pool;
  readonly metrics: Registry;
  readonly log: Log;
}

/** Injection tokens, in the order of `withProvided`'s last parameters. */
export const PROVIDED_OPTIONS = [Pool, Registry, Log].map((token) => ({ token, optional: true }));

/** @throws DbEventError CONFIGURATION_INVALID if there is no pool. */
export function withProvided<Options extends Partial<ProvidedOptions>>(
  moduleName: string,
  options: Options,
  provided: Pool | undefined,
  metrics = new Registry(),
  log: Log = SILENT_LOG,
): Options & ProvidedOptions {
  const { pool = provided } = options;
  if (pool === undefined) {
    throw new DbEventError('CONFIGURATION_INVALID', `${moduleName} needs a pool: pass one, or import PostgresModule`);
  }
  return { metrics, log, ...options, pool };
}
