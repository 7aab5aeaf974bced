import { CliError } from '../cli.error';
import { EXIT_CODES, type ExitCode } from '../exit-codes';

interface Call<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * Returns the data of a successful response.
 *
 * @throws CliError for any other response, with the problem's text and the matching exit code.
 */
export async function answer<Data>(call: Promise<Call<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (!response.ok) throw new CliError(faultOf(response.status, error), exitCodeOf(response.status));
  return data as Data;
}

function faultOf(status: number, body: unknown): string {
  if (typeof body !== 'object' || body === null)
    return `The event manager responded with status ${status}: ${String(body).slice(0, 200)}`;
  const { detail, title, code, errors = [] } = body as Problem;
  const text = [detail ?? title ?? `The event manager responded with status ${status}.`, ...errors].join('\n  ');
  return code === undefined ? text : `${text} (${code})`;
}

/** Problem details (RFC 9457): the body of every error response of the admin API. */
interface Problem {
  readonly detail?: string;
  readonly title?: string;
  readonly code?: string;
  readonly errors?: readonly string[];
}

function exitCodeOf(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT_CODES.forbidden;
  if (status === 404) return EXIT_CODES.absent;
  if (status === 409 || status === 422) return EXIT_CODES.refused;
  if (status === 429 || status >= 500) return EXIT_CODES.unavailable;
  return EXIT_CODES.usage;
}
