import { stdSerializers } from 'pino';

/** An error as pino shows it, without the whole client that `pg` hangs on the errors of a lost connection. */
export function describeError(error: Error): object {
  const { client: _client, ...description } = stdSerializers.err(error) as object & { client?: unknown };
  return description;
}
