import { DbEventError } from '@dbem/db-event';
import { disablePretenuring } from './disable-pretenuring';

/**
 * Runs an app's `main`. If it rejects, prints the error and exits with 1; configuration errors without a stack trace.
 */
export function runMain(main: () => Promise<unknown>): void {
  disablePretenuring();
  main().catch((error: unknown) => {
    const isConfiguration = error instanceof DbEventError && error.code === 'CONFIGURATION_INVALID';
    process.stderr.write(`${isConfiguration ? error.message : ((error as Error).stack ?? error)}\n`);
    process.exit(1);
  });
}
