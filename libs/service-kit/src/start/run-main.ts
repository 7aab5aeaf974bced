import { DbEventError } from '@dbem/db-event';
import { disablePretenuring } from './disable-pretenuring';

/** Runs an app's `main`. A start that fails is told and ends the process; a fault of the configuration without a stack. */
export function runMain(main: () => Promise<unknown>): void {
  disablePretenuring();
  main().catch((error: unknown) => {
    const isConfiguration = error instanceof DbEventError && error.code === 'CONFIGURATION_INVALID';
    process.stderr.write(`${isConfiguration ? error.message : ((error as Error).stack ?? error)}\n`);
    process.exit(1);
  });
}
