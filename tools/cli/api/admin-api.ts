import { randomUUID } from 'node:crypto';
import { CliError } from '../cli.error';
import { EXIT_CODES, type ExitCode } from '../exit-codes';

export interface AdminApiOptions {
  /** Of an event manager, without a path. */
  readonly url: string;
  readonly token: string | undefined;
}

export interface Page<Item> {
  readonly items: Item[];
  readonly next?: string;
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

const TIMEOUT_MS = 60_000;

/** An event manager's admin API. Every call rejects with a CliError that says what went wrong, and ends the command so. */
export class AdminApi {
  constructor(private readonly options: AdminApiOptions) {}

  get<Body>(path: string, query: Query = {}): Promise<Body> {
    return this.call<Body>('GET', path, { query });
  }

  put<Body>(path: string, body: object): Promise<Body> {
    return this.call<Body>('PUT', path, { body });
  }

  post<Body>(path: string, options: { readonly query?: Query; readonly body?: object } = {}): Promise<Body> {
    return this.call<Body>('POST', path, options);
  }

  async delete(path: string, query: Query = {}): Promise<void> {
    await this.call('DELETE', path, { query });
  }

  /** All pages of a list. */
  async list<Item>(path: string, query: Query = {}): Promise<Item[]> {
    const items: Item[] = [];
    let after: string | undefined;
    do {
      const page: Page<Item> = await this.get(path, { ...query, after });
      items.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    return items;
  }

  private async call<Body>(method: string, path: string, options: { query?: Query; body?: object }): Promise<Body> {
    const { query = {}, body } = options;
    const url = new URL(path, this.options.url);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const response = await this.fetch(url, {
      method,
      headers: {
        ...(this.options.token !== undefined && { authorization: `Bearer ${this.options.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        // The same change that comes twice, after a lost answer, is made once.
        ...(method !== 'GET' && { 'idempotency-key': randomUUID() }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    // Health says what is down with 503: an answer, not a failure.
    if (response.ok || (path.startsWith('/health') && response.status === 503)) {
      return (text === '' ? undefined : JSON.parse(text)) as Body;
    }
    throw new CliError(faultOf(response.status, text), exitCodeOf(response.status));
  }

  private async fetch(url: URL, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      const { cause } = error as { cause?: { code?: string } };
      const reason = cause?.code ?? (error as Error).message;
      throw new CliError(
        `The event manager at ${this.options.url} can't be reached (${reason}). Is DBEM_URL right?`,
        EXIT_CODES.unreachable,
      );
    }
  }
}

function faultOf(status: number, text: string): string {
  try {
    const {
      detail,
      title,
      code,
      errors = [],
    } = JSON.parse(text) as {
      detail?: string;
      title?: string;
      code?: string;
      errors?: string[];
    };
    const said = [detail ?? title ?? `The answer was ${status}.`, ...errors].join('\n  ');
    return code === undefined ? said : `${said} (${code})`;
  } catch {
    return `The answer was ${status}: ${text.slice(0, 200)}`;
  }
}

function exitCodeOf(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT_CODES.forbidden;
  if (status === 404) return EXIT_CODES.absent;
  if (status === 409 || status === 422) return EXIT_CODES.refused;
  if (status === 429 || status >= 500) return EXIT_CODES.unavailable;
  return EXIT_CODES.usage;
}
