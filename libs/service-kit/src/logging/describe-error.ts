import { stdSerializers } from 'pino';

/** An error as pino serializes it, without the client object that `pg` adds to errors of a lost connection. */
export function describeError(error: Error): object {
  const { client: _client, ...description } = stdSerializers.err(error) as object & { client?: unknown };
  return description;
}
