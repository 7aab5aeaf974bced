import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';

export interface FreshVhost {
  readonly amqpUrl: string;
  readonly vhost: string;
  drop(): Promise<void>;
}

/** A new RabbitMQ vhost for one test file. */
export async function freshVhost(): Promise<FreshVhost> {
  const vhost = `test-${randomUUID()}`;
  await management('PUT', `/api/vhosts/${vhost}`);
  await management('PUT', `/api/permissions/${vhost}/guest`, { configure: '.*', write: '.*', read: '.*' });
  const amqpUrl = new URL(inject('amqpUrl'));
  amqpUrl.pathname = `/${vhost}`;
  return {
    amqpUrl: amqpUrl.toString(),
    vhost,
    drop: async () => {
      await management('DELETE', `/api/vhosts/${vhost}`);
    },
  };
}

/** Calls RabbitMQ's management API. */
export async function management(method: string, path: string, body?: object): Promise<unknown> {
  const url = new URL(path, inject('managementUrl'));
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
