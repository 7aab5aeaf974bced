/** A service's HTTP API responded with an error status. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: unknown,
    request: string,
  ) {
    super(`${request} failed with status ${status}: ${JSON.stringify(problem)}`);
  }
}

/** JSON client of one service's HTTP API. */
export class ApiClient {
  constructor(
    private readonly baseUrl: string,
    private readonly bearerToken?: string,
  ) {}

  get<Body>(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Body> {
    return this.send<Body>('GET', path, undefined, headers);
  }

  post<Body>(path: string, body: unknown): Promise<Body> {
    return this.send<Body>('POST', path, body);
  }

  put<Body>(path: string, body: unknown = {}): Promise<Body> {
    return this.send<Body>('PUT', path, body);
  }

  delete(path: string): Promise<void> {
    return this.send('DELETE', path);
  }

  private async send<Body>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Body> {
    const response = await fetch(new URL(path, this.baseUrl), {
      method,
      headers: {
        ...headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.bearerToken !== undefined && { authorization: `Bearer ${this.bearerToken}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: unknown = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw new ApiError(response.status, parsed, `${method} ${path}`);
    return parsed as Body;
  }
}
