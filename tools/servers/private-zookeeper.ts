import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, freePorts } from './ports';
import { PrivateProcess } from './private-process';

const SERVER_JAR = '/usr/share/java/zookeeper.jar';
/** Writes errors to the log, including those at start-up. */
const LOGGER_JAR = '/usr/share/java/slf4j-simple.jar';
const START_TIMEOUT_MS = 120_000;

export function canRunZooKeeper(): boolean {
  return existsSync(SERVER_JAR);
}

/** A ZooKeeper server, standalone or part of an ensemble, on its own port. */
export class PrivateZooKeeper {
  private constructor(
    private readonly server: PrivateProcess,
    readonly port: number,
  ) {}

  static async start(folder: string): Promise<PrivateZooKeeper> {
    const [port] = (await freePorts(1)) as [number];
    const zooKeeper = new PrivateZooKeeper(prepare(folder, port), port);
    await zooKeeper.restart();
    return zooKeeper;
  }

  /** Starts the servers of one ensemble. Each can be killed and restarted separately. */
  static async startEnsemble(folder: string, size: number): Promise<PrivateZooKeeper[]> {
    const ports = await freePorts(size * 3);
    const peers = Array.from(
      { length: size },
      (_, index) => `server.${index + 1}=127.0.0.1:${ports[size + index]}:${ports[2 * size + index]}`,
    );
    const servers = peers.map((_, index) => {
      const port = ports[index] as number;
      const limits = ['initLimit=20', 'syncLimit=10'];
      return new PrivateZooKeeper(
        prepare(join(folder, String(index + 1)), port, [...limits, ...peers], index + 1),
        port,
      );
    });
    // A server does not serve clients before a majority has started.
    await Promise.all(servers.map((server) => server.restart()));
    return servers;
  }

  get connectString(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Starts the server again after `kill`, on the same port and data. */
  async restart(): Promise<void> {
    this.server.start();
    await this.server.waitUntilReady(async () => {
      const response = await ask(this.port, 'srvr');
      if (!response.includes('Mode:')) throw new Error('it does not serve clients yet');
    }, START_TIMEOUT_MS);
  }

  async kill(): Promise<void> {
    await this.server.kill();
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }
}

/** Writes the server's configuration. @param id the server's id in its ensemble */
function prepare(folder: string, port: number, ensemble: readonly string[] = [], id?: number): PrivateProcess {
  const dataFolder = join(folder, 'data');
  mkdirSync(dataFolder, { recursive: true });
  if (id !== undefined) writeFileSync(join(dataFolder, 'myid'), String(id));
  const config = join(folder, 'zoo.cfg');
  writeFileSync(
    config,
    [
      // Sessions may last from 2 to 20 ticks.
      'tickTime=500',
      'maxSessionTimeout=30000',
      `dataDir=${dataFolder}`,
      'clientPortAddress=127.0.0.1',
      `clientPort=${port}`,
      'maxClientCnxns=0',
      'admin.enableServer=false',
      '4lw.commands.whitelist=ruok,srvr',
      ...ensemble,
      '',
    ].join('\n'),
  );
  return new PrivateProcess({
    name: 'ZooKeeper',
    command: 'java',
    args: [
      '-Xmx512m',
      '-Dlog4j2.disable.jmx=true',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
      '-cp',
      `${SERVER_JAR}:${LOGGER_JAR}`,
      'org.apache.zookeeper.server.quorum.QuorumPeerMain',
      config,
    ],
    cwd: folder,
    logFile: join(folder, 'zookeeper.log'),
  });
}
