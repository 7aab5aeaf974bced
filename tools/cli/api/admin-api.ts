import { randomUUID } from 'node:crypto';
import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from '../../../docs/openapi/event-manager';
import { CliError } from '../cli.error';
import { EXIT_CODES } from '../exit-codes';

export interface AdminApiOptions {
  /** Base URL of an event manager, without a path. */
  readonly url: string;
  readonly token: string | undefined;
}

/** An event manager's admin API, typed by its OpenAPI document. */
export type AdminApi = Client<paths>;

/** The admin API's request and response types, by name. */
export type Schemas = components['schemas'];

const TIMEOUT_MS = 60_000;

export function adminApi({ url, token }: AdminApiOptions): AdminApi {
  const api = createClient<paths>({
    baseUrl: url,
    fetch: (request) => fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS) }),
  });
  api.use({
    onRequest({ request }) {
      if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
      // If a response is lost and the request arrives again, the change is made once.
      if (request.method !== 'GET') request.headers.set('idempotency-key', randomUUID());
      return request;
    },
    onError({ error }) {
      const { cause, message } = error as Error & { cause?: { code?: string } };
      return new CliError(
        `Can’t reach the event manager at ${url}: ${cause?.code ?? message}. Check DBEM_URL or --url.`,
        EXIT_CODES.unreachable,
      );
    },
  });
  return api;
}
