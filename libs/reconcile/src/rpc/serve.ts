import type { RpcServer } from '@dbem/transport';

/** Methods by name, each with its params and its result. */
type Protocol<Methods> = { [Name in keyof Methods]: { params: unknown; result: unknown } };

/** One function for each method of a protocol. */
export type Serving<Methods extends Protocol<Methods>> = {
  [Name in keyof Methods]: (params: Methods[Name]['params']) => Promise<Methods[Name]['result']>;
};

/** Adds all methods of a protocol to a server; before it starts. */
export function serve<Methods extends Protocol<Methods>>(server: RpcServer, methods: Serving<Methods>): void {
  for (const [name, method] of Object.entries(methods))
    server.on(name, method as (params: unknown) => Promise<unknown>);
}
