import { fileURLToPath } from 'node:url';

/** Where test processes write their logs; kept after the run. */
export const logFolder = fileURLToPath(new URL('../../../.local/test-logs', import.meta.url));
