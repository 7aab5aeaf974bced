import { DbEventError } from '@dbem/db-event';
import { isTransientDatabaseError } from '@dbem/postgres';
import type { RpcServer } from '@dbem/transport';

/** Methods by name, each with its params and its result. */
type Protocol<Methods> = { [Name in keyof Methods]: { params: unknown; result: unknown } };

/** One function for each method of a protocol. */
export type Serving<Methods extends Protocol<Methods>> = {
  [Name in keyof Methods]: (params: Methods[Name]['params']) => Promise<Methods[Name]['result']>;
};

/** Adds all methods of a protocol to a server; before it starts. What fails for a passing reason of the database may be asked again. */
export function serve<Methods extends Protocol<Methods>>(server: RpcServer, methods: Serving<Methods>): void {
  for (const [name, method] of Object.entries(methods)) {
    const answer = method as (params: unknown) => Promise<unknown>;
    server.on(name, async (params) => {
      try {
        return await answer(params);
      } catch (error) {
        if (error instanceof DbEventError || !isTransientDatabaseError(error)) throw error;
        throw new DbEventError('DATABASE_UNAVAILABLE', `The database can't answer now: ${error}`, {
          retryable: true,
          cause: error,
        });
      }
    });
  }
}
