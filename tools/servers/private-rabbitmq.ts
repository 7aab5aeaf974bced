import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from './ports';
import { PrivateProcess } from './private-process';

/** Not /usr/sbin/rabbitmq-server, which switches to another user. */
const SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const CONTROL = '/usr/lib/rabbitmq/bin/rabbitmqctl';
const START_TIMEOUT_MS = 120_000;
const CONTROL_TIMEOUT_MS = 60_000;

export function canRunRabbitMq(): boolean {
  return existsSync(SERVER);
}

/** A RabbitMQ server with its management API, on its own ports. */
export class PrivateRabbitMq {
  private constructor(
    private readonly server: PrivateProcess,
    /** Erlang's port mapper, in the foreground, so that it is stopped with the server. */
    private readonly portMapper: PrivateProcess,
    private readonly environment: NodeJS.ProcessEnv,
    readonly port: number,
    readonly managementPort: number,
    private readonly administrator: string,
  ) {}

  /**
   * @param extra additional lines of rabbitmq.conf and plugins; `settings`: Erlang settings that are not in
   *   rabbitmq.conf; `administrator`: `user:password`, default `guest:guest`.
   */
  static async start(
    folder: string,
    extra: {
      readonly configuration?: readonly string[];
      readonly plugins?: readonly string[];
      readonly settings?: Readonly<Record<string, number>>;
      readonly administrator?: string;
    } = {},
  ): Promise<PrivateRabbitMq> {
    const [port, managementPort, distributionPort, portMapperPort] = (await freePorts(4)) as [
      number,
      number,
      number,
      number,
    ];
    mkdirSync(folder, { recursive: true });
    const config = join(folder, 'rabbitmq.conf');
    const plugins = join(folder, 'enabled_plugins');
    writeFileSync(
      config,
      [
        `listeners.tcp.1 = 127.0.0.1:${port}`,
        `management.tcp.ip = 127.0.0.1`,
        `management.tcp.port = ${managementPort}`,
        'disk_free_limit.absolute = 50MB',
        'vm_memory_high_watermark.relative = 0.3',
        'log.file.level = warning',
        ...(extra.configuration ?? []),
        '',
      ].join('\n'),
    );
    writeFileSync(plugins, `[${['rabbitmq_management', ...(extra.plugins ?? [])].join()}].\n`);
    const environment = {
      ...process.env,
      HOME: folder,
      ERL_EPMD_PORT: String(portMapperPort),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_NODENAME: `private-${port}@localhost`,
      RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
    };
    const portMapper = new PrivateProcess({
      name: 'epmd',
      command: 'epmd',
      args: ['-port', String(portMapperPort), '-address', '127.0.0.1'],
      env: environment,
      logFile: join(folder, 'epmd.log'),
    });
    const server = new PrivateProcess({
      name: 'RabbitMQ',
      command: SERVER,
      args: [],
      env: {
        ...environment,
        RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
        RABBITMQ_NODE_PORT: String(port),
        RABBITMQ_DIST_PORT: String(distributionPort),
        RABBITMQ_CONFIG_FILE: config,
        RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
        RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
        RABBITMQ_LOG_BASE: join(folder, 'log'),
        RABBITMQ_PID_FILE: join(folder, 'pid'),
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: [
          '-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}',
          ...Object.entries(extra.settings ?? {}).map(([name, value]) => `-rabbit ${name} ${value}`),
        ].join(' '),
      },
      cwd: folder,
      logFile: join(folder, 'rabbitmq.log'),
    });
    const rabbitMq = new PrivateRabbitMq(
      server,
      portMapper,
      environment,
      port,
      managementPort,
      extra.administrator ?? 'guest:guest',
    );
    portMapper.start();
    await rabbitMq.restart();
    return rabbitMq;
  }

  get amqpUrl(): string {
    return `amqp://${this.administrator}@127.0.0.1:${this.port}`;
  }

  get managementUrl(): string {
    return `http://${this.administrator}@127.0.0.1:${this.managementPort}`;
  }

  /** Runs `rabbitmqctl` with these arguments and resolves with its output. */
  async control(...args: string[]): Promise<string> {
    const options = { env: this.environment, timeout: CONTROL_TIMEOUT_MS };
    const { stdout } = await promisify(execFile)(CONTROL, ['--quiet', ...args], options);
    return stdout;
  }

  /**
   * Resolves when every declared quorum queue survives a kill. RabbitMQ (3.10) writes a queue's registration to disk
   * some time after it has confirmed the declaration; if it is killed before, the queue never becomes available again.
   */
  async persistQueues(): Promise<void> {
    await this.control('eval', '[ok = dets:sync(Table) || Table <- dets:all()].');
  }

  /** Starts the server again after `kill` or `stopGently`, on the same ports and data. */
  async restart(): Promise<void> {
    this.server.start();
    await this.server.waitUntilReady(async () => {
      const response = await fetch(
        `http://127.0.0.1:${this.managementPort}/api/health/checks/port-listener/${this.port}`,
        {
          headers: { authorization: `Basic ${btoa(this.administrator)}` },
        },
      );
      if (!response.ok) throw new Error(`health check: status ${response.status}`);
    }, START_TIMEOUT_MS);
  }

  /** Shuts the server down cleanly and starts it again. */
  async restartGently(): Promise<void> {
    await this.stopGently();
    await this.restart();
  }

  /** Shuts the server down cleanly; see `restart`. */
  async stopGently(): Promise<void> {
    await this.server.stop();
  }

  async kill(): Promise<void> {
    await this.server.kill();
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.portMapper.stop();
  }
}
