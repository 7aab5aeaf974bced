import { join } from 'node:path';
import { PrivatePostgres } from '../../../tools/servers/private-postgres';
import { type Servers, startServers } from '../../../tools/servers/servers';
import type { BenchOptions } from './options';
import { childrenOf } from './process-tree';

/** The servers that all runs share, and where they are among our processes. */
export class Stage {
  private constructor(
    readonly servers: Servers,
    readonly postgres: PrivatePostgres,
    readonly options: BenchOptions,
    readonly profileFolder: string,
  ) {}

  static async start(options: BenchOptions, profileFolder: string): Promise<Stage> {
    const servers = await startServers({ purpose: 'bench', say: console.log });
    if (servers.managementUrl === undefined)
      throw new Error('With AMQP_URL the bench needs AMQP_MANAGEMENT_URL as well.');
    // Its own in any case: it must write what logical replication needs.
    const postgres = await PrivatePostgres.start(join(servers.folder, 'bench-postgres'), {
      settings: { wal_level: 'logical', shared_preload_libraries: 'pg_stat_statements' },
    });
    return new Stage(servers, postgres, options, profileFolder);
  }

  /** The servers that are our children; those that run elsewhere are not measured. */
  get serverProcesses(): Record<string, number[]> {
    return {
      broker: childrenOf(process.pid, 'rabbitmq'),
      postgres: childrenOf(process.pid, `port=${this.postgres.port}`),
      zookeeper: childrenOf(process.pid, 'zookeeper'),
    };
  }

  /** Node's arguments for a process that is measured. */
  get nodeArguments(): string[] {
    const profiling = this.options.profile ? ['--cpu-prof', `--cpu-prof-dir=${this.profileFolder}`] : [];
    return [...profiling, ...this.options.nodeArguments];
  }

  async stop(): Promise<void> {
    await this.postgres.stop();
    await this.servers.stop();
  }
}
