import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../ports';
import { PrivateProcess } from '../private-process';
import type { PortMapper } from './port-mapper';
import { SERVER } from './programs';

export interface RabbitMqOptions {
  /** Lines of rabbitmq.conf, in addition to the defaults below. */
  readonly configuration?: readonly string[];
  /** Plugins, in addition to the management plugin. */
  readonly plugins?: readonly string[];
  /** Erlang settings of RabbitMQ that are not in rabbitmq.conf. */
  readonly settings?: Readonly<Record<string, number>>;
  /** `user:password`. Default: `guest:guest`. */
  readonly administrator?: string;
}

/** A server that is configured but not started. */
export interface PreparedServer {
  /** Its Erlang node name. */
  readonly name: string;
  readonly process: PrivateProcess;
  /** The environment of the command line tools. */
  readonly environment: NodeJS.ProcessEnv;
  readonly port: number;
  readonly managementPort: number;
  readonly administrator: string;
}

/**
 * Writes a server's configuration.
 *
 * @param folder the server's own folder, for its configuration, data and logs
 * @param erlangArguments further arguments of its Erlang VM
 */
export async function prepareServer(
  folder: string,
  portMapper: PortMapper,
  options: RabbitMqOptions,
  erlangArguments: readonly string[] = [],
): Promise<PreparedServer> {
  const [port, managementPort, distributionPort] = (await freePorts(3)) as [number, number, number];
  const config = join(folder, 'rabbitmq.conf');
  const plugins = join(folder, 'enabled_plugins');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    config,
    [
      `listeners.tcp.1 = 127.0.0.1:${port}`,
      `management.tcp.ip = 127.0.0.1`,
      `management.tcp.port = ${managementPort}`,
      'disk_free_limit.absolute = 50MB',
      'vm_memory_high_watermark.relative = 0.3',
      'log.file.level = warning',
      ...(options.configuration ?? []),
      '',
    ].join('\n'),
  );
  writeFileSync(plugins, `[${['rabbitmq_management', ...(options.plugins ?? [])].join()}].\n`);
  const name = `private-${port}@localhost`;
  const environment = {
    ...portMapper.environment,
    RABBITMQ_NODENAME: name,
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
  };
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
        ...erlangArguments,
        ...Object.entries(options.settings ?? {}).map(([setting, value]) => `-rabbit ${setting} ${value}`),
      ].join(' '),
    },
    cwd: folder,
    logFile: join(folder, 'rabbitmq.log'),
  });
  return {
    name,
    process: server,
    environment,
    port,
    managementPort,
    administrator: options.administrator ?? 'guest:guest',
  };
}
