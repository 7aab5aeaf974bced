import { DbEventError } from '@dbem/db-event';
import type { BrokerPermissions } from './service-rights';

const TIMEOUT_MS = 10_000;

export interface BrokerManagementOptions {
  /** RabbitMQ's management API, with a user tagged `administrator`: http(s)://user:password@host:port. */
  readonly url: string;
  /** Default: /. */
  readonly vhost?: string;
}

export interface InspectedQueue {
  readonly kind: string;
  readonly bindings: readonly { readonly exchange: string; readonly routingKey: string }[];
}

/** A node of the RabbitMQ cluster. */
export interface BrokerNodeState {
  readonly name: string;
  readonly isRunning: boolean;
  /** `memory`, `disk`: the node blocks publishers. `partition`: it lost contact with other nodes. */
  readonly alarms: readonly string[];
}

/** Broker users, their permissions, queues and nodes, through RabbitMQ's management API. Every call is idempotent. */
export class BrokerManagement {
  private readonly base: URL;
  private readonly authorization: string;
  private readonly vhost: string;

  constructor({ url, vhost = '/' }: BrokerManagementOptions) {
    this.base = new URL(url);
    const credentials = `${decodeURIComponent(this.base.username)}:${decodeURIComponent(this.base.password)}`;
    this.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    this.base.username = '';
    this.base.password = '';
    this.vhost = vhost;
  }

  async hasUser(name: string): Promise<boolean> {
    return (await this.call('GET', ['users', name], undefined, [404])).status !== 404;
  }

  /** Creates the user or changes its password. It has no tags, so it can't use the management API. */
  async putUser(name: string, password: string): Promise<void> {
    await this.call('PUT', ['users', name], { password, tags: '' });
  }

  async deleteUser(name: string): Promise<void> {
    await this.call('DELETE', ['users', name], undefined, [404]);
  }

  /** Replaces the user's permissions in the vhost, including its topic permissions on all exchanges. */
  async putRights(name: string, { configure, write, read, topics }: BrokerPermissions): Promise<void> {
    await this.call('PUT', ['permissions', this.vhost, name], { configure, write, read });
    await this.call('DELETE', ['topic-permissions', this.vhost, name], undefined, [404]);
    for (const topic of topics) await this.call('PUT', ['topic-permissions', this.vhost, name], topic);
  }

  /** Sets the user's maximum numbers of open connections and channels. */
  async putLimits(name: string, limits: { readonly connections: number; readonly channels: number }): Promise<void> {
    await this.call('PUT', ['user-limits', name, 'max-connections'], { value: limits.connections });
    await this.call('PUT', ['user-limits', name, 'max-channels'], { value: limits.channels });
  }

  /** Properties of a queue that AMQP does not expose; undefined if the queue does not exist. */
  async inspectQueue(name: string): Promise<InspectedQueue | undefined> {
    const queue = await this.call('GET', ['queues', this.vhost, name], undefined, [404]);
    if (queue.status === 404) return undefined;
    const bindings = await this.call('GET', ['queues', this.vhost, name, 'bindings']);
    return {
      kind: (JSON.parse(queue.text) as { type?: string }).type ?? 'classic',
      bindings: (JSON.parse(bindings.text) as { source: string; routing_key: string }[])
        // The default exchange binds every queue to its own name.
        .filter(({ source }) => source !== '')
        .map(({ source, routing_key }) => ({ exchange: source, routingKey: routing_key })),
    };
  }

  async nodes(): Promise<BrokerNodeState[]> {
    const { text } = await this.call('GET', ['nodes']);
    return (JSON.parse(text) as NodeAnswer[]).map((node) => ({
      name: node.name,
      isRunning: node.running,
      alarms: [
        ...(node.mem_alarm === true ? ['memory'] : []),
        ...(node.disk_free_alarm === true ? ['disk'] : []),
        ...((node.partitions ?? []).length > 0 ? ['partition'] : []),
      ],
    }));
  }

  private async call(
    method: string,
    path: readonly string[],
    body?: object,
    expected: readonly number[] = [],
  ): Promise<{ readonly status: number; readonly text: string }> {
    const url = new URL(
      `${this.base.pathname.replace(/\/$/, '')}/api/${path.map(encodeURIComponent).join('/')}`,
      this.base,
    );
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers: { authorization: this.authorization, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw managementFailed(`${url.host} can't be reached: ${(error as Error).message}`, true, error);
    }
    if (response.ok || expected.includes(response.status)) {
      return { status: response.status, text: await response.text() };
    }
    const reason = await response.text();
    throw managementFailed(`${method} ${url.pathname} answered ${response.status}: ${reason}`, response.status >= 500);
  }
}

/** For a node that is down, only name and state are present. */
interface NodeAnswer {
  readonly name: string;
  readonly running: boolean;
  readonly mem_alarm?: boolean;
  readonly disk_free_alarm?: boolean;
  readonly partitions?: readonly string[];
}

function managementFailed(reason: string, retryable: boolean, cause?: unknown): DbEventError {
  return new DbEventError('BROKER_MANAGEMENT_FAILED', `RabbitMQ management API request failed: ${reason}`, {
    retryable,
    cause,
  });
}
