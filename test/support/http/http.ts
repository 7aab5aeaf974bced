export interface Answer<Body = unknown> {
  readonly status: number;
  readonly contentType: string | null;
  readonly headers: Headers;
  readonly body: Body;
}

/** Sends an HTTP request with JSON bodies; resolves with a response of any status. */
export async function request<Body = Record<string, unknown>>(
  method: string,
  url: string,
  options: { body?: unknown; token?: string; headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Answer<Body>> {
  const { body, token, headers = {}, signal } = options;
  const response = await fetch(url, {
    method,
    ...(signal !== undefined && { signal }),
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const contentType = response.headers.get('content-type');
  const isJson = contentType?.includes('json') ?? false;
  return {
    status: response.status,
    contentType,
    headers: response.headers,
    body: (isJson ? JSON.parse(text) : text) as Body,
  };
}
