import { probePort } from '../ports';
import type { PreparedServer } from './prepare-server';
import { runTool } from './programs';

const START_TIMEOUT_MS = 180_000;
const GONE_TIMEOUT_MS = 10_000;
const MANAGEMENT_TIMEOUT_MS = 10_000;

/**
 * One RabbitMQ server with its management API.
 *
 * stopped --start--> running --pause--> paused --resume--> running; `kill` and `stopGently` lead to stopped.
 */
export class RabbitMqNode {
  private paused = false;

  constructor(private readonly server: PreparedServer) {}

  /** Its Erlang node name. */
  get name(): string {
    return this.server.name;
  }

  get port(): number {
    return this.server.port;
  }

  get managementPort(): number {
    return this.server.managementPort;
  }

  get amqpUrl(): string {
    return `amqp://${this.server.administrator}@127.0.0.1:${this.port}`;
  }

  get managementUrl(): string {
    return `http://${this.server.administrator}@127.0.0.1:${this.managementPort}`;
  }

  get isRunning(): boolean {
    return this.server.process.isRunning && !this.paused;
  }

  /**
   * Starts the server, also again after `kill` or `stopGently`: on the same ports and data. Resolves when it serves
   * clients.
   */
  async start(): Promise<void> {
    this.paused = false;
    this.server.process.start();
    await this.waitUntil(() => this.management('GET', `/api/health/checks/port-listener/${this.port}`));
  }

  /** Shuts the server down cleanly; see `start`. */
  async stopGently(): Promise<void> {
    await this.server.process.stop();
  }

  /** Sends SIGKILL. Resolves when the server's port refuses connections. */
  async kill(): Promise<void> {
    await this.server.process.kill();
    const deadline = Date.now() + GONE_TIMEOUT_MS;
    while (await this.isListening()) {
      if (Date.now() > deadline) throw new Error(`${this.name} was killed, but its port accepts connections`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Stops the whole process group with SIGSTOP: connections stay open, nothing is answered. Until `resume`. */
  pause(): void {
    this.paused = true;
    this.server.process.signal('SIGSTOP');
  }

  resume(): void {
    this.server.process.signal('SIGCONT');
    this.paused = false;
  }

  /** Runs `rabbitmqctl` with these arguments and resolves with its output. */
  control(...args: string[]): Promise<string> {
    return runTool('rabbitmqctl', args, this.server.environment);
  }

  /** As `control`, with `rabbitmq-queues`. */
  queues(...args: string[]): Promise<string> {
    return runTool('rabbitmq-queues', args, this.server.environment);
  }

  /**
   * Calls the management API. Rejects if the status is not 2xx, or without an answer for 10 s: while a node is paused,
   * the others may not answer either, until they consider it down.
   */
  async management<Body>(method: string, path: string, body?: object): Promise<Body> {
    const response = await fetch(`http://127.0.0.1:${this.managementPort}${path}`, {
      method,
      signal: AbortSignal.timeout(MANAGEMENT_TIMEOUT_MS),
      headers: { authorization: `Basic ${btoa(this.server.administrator)}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: status ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  }

  /**
   * Resolves when every declared quorum queue survives a kill. RabbitMQ (3.10) writes a queue's registration to disk
   * some time after it has confirmed the declaration; if it is killed before, the queue never becomes available again.
   */
  async persistQueues(): Promise<void> {
    await this.control('eval', '[ok = dets:sync(Table) || Table <- dets:all()].');
  }

  /** Resolves when `probe` resolves; rejects with the end of the log if the server ends or after 180 s. */
  async waitUntil(probe: () => Promise<unknown>): Promise<void> {
    await this.server.process.waitUntilReady(probe, START_TIMEOUT_MS);
  }

  private isListening(): Promise<boolean> {
    return probePort(this.port).then(
      () => true,
      () => false,
    );
  }
}
