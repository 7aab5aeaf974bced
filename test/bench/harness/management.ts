/** Calls RabbitMQ's management API. */
export async function management(managementUrl: string, method: string, path: string, body?: object): Promise<unknown> {
  const url = new URL(path, managementUrl);
  const credentials = `${url.username}:${url.password}`;
  url.username = '';
  url.password = '';
  const response = await fetch(url, {
    method,
    headers: { authorization: `Basic ${btoa(credentials)}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path} failed with ${response.status}: ${await response.text()}`);
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}
