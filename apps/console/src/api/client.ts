import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from '../../../../docs/openapi/event-manager';
import { Problem } from './problem';
import { sessionStore } from './session-store';

/** Sends the session's token with each request; an answer of 401 ends the session. */
const authentication: Middleware = {
  onRequest({ request }) {
    const session = sessionStore.get();
    if (session !== undefined) request.headers.set('authorization', `Bearer ${session.token}`);
    return request;
  },
  onResponse({ request, response }) {
    // An answer to a token that has been replaced meanwhile says nothing of the present one.
    const isOfThisSession = request.headers.get('authorization') === `Bearer ${sessionStore.get()?.token}`;
    if (response.status === 401 && isOfThisSession)
      sessionStore.end('The event manager does not accept the token any more.');
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
 * The data that a call was answered with.
 *
 * @throws Problem of every other answer, and of none.
 */
export async function answer<Data>(call: Promise<Call<Data>>): Promise<Data> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw Problem.unreachable(cause);
  });
  if (!response.ok) throw Problem.of(response.status, error);
  return data as Data;
}
