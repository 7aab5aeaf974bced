import { CliError } from '../cli.error';
import { EXIT_CODES, type ExitCode } from '../exit-codes';

interface Call<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * The data that a call was answered with.
 *
 * @throws CliError of every other answer: it says what went wrong, and ends the command so.
 */
export async function answer<Data>(call: Promise<Call<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (!response.ok) throw new CliError(faultOf(response.status, error), exitCodeOf(response.status));
  return data as Data;
}

function faultOf(status: number, body: unknown): string {
  if (typeof body !== 'object' || body === null) return `The answer was ${status}: ${String(body).slice(0, 200)}`;
  const { detail, title, code, errors = [] } = body as Problem;
  const said = [detail ?? title ?? `The answer was ${status}.`, ...errors].join('\n  ');
  return code === undefined ? said : `${said} (${code})`;
}

/** Problem details (RFC 9457), as every error of the admin API comes. */
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
