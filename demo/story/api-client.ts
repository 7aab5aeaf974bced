/** A service's HTTP API answered with something else than success. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: unknown,
    request: string,
  ) {
    super(`${request} answered ${status}: ${JSON.stringify(problem)}`);
  }
}

/** Speaks JSON with one service. */
export class ApiClient {
  constructor(
    private readonly baseUrl: string,
    private readonly bearerToken?: string,
  ) {}

  get<Answer>(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send<Answer>('GET', path, undefined, headers);
  }

  post<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.send<Answer>('POST', path, body);
  }

  put<Answer>(path: string, body: unknown = {}): Promise<Answer> {
    return this.send<Answer>('PUT', path, body);
  }

  delete(path: string): Promise<void> {
    return this.send('DELETE', path);
  }

  private async send<Answer>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
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
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw new ApiError(response.status, answer, `${method} ${path}`);
    return answer as Answer;
  }
}
