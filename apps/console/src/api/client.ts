import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from '../../../../docs/openapi/event-manager';
import { Problem } from './problem';
import { sessionStore, TOKEN_REJECTED } from './session-store';

/** Sends the session's token with each request; a 401 response ends the session. */
const authentication: Middleware = {
  onRequest({ request }) {
    const session = sessionStore.get();
    if (session !== undefined) request.headers.set('authorization', `Bearer ${session.token}`);
    return request;
  },
  onResponse({ request, response }) {
    // A 401 for a token that has been renewed since the request does not end the current session.
    const isOfThisSession = request.headers.get('authorization') === `Bearer ${sessionStore.get()?.token}`;
    if (response.status === 401 && isOfThisSession) sessionStore.end(TOKEN_REJECTED);
  },
};

/** The admin API, typed by its OpenAPI document. */
export const api = createClient<paths>({ baseUrl: window.location.origin });
api.use(authentication);

interface Call<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * The data of a successful response.
 *
 * @throws Problem for an error response, or if there is no response.
 */
export async function answer<Data>(call: Promise<Call<Data>>): Promise<Data> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw Problem.unreachable(cause);
  });
  if (!response.ok) throw Problem.of(response.status, error);
  return data as Data;
}
