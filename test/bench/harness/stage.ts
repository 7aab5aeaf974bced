import { join } from 'node:path';
import { PrivatePostgres } from '../../../tools/servers/private-postgres';
import { type Servers, startServers } from '../../../tools/servers/servers';
import type { BenchOptions } from './options';
import { childrenOf } from './process-tree';

/** The servers that all runs share, and their processes. */
export class Stage {
  private constructor(
    readonly servers: Servers,
    readonly postgres: PrivatePostgres,
    readonly options: BenchOptions,
    readonly profileFolder: string,
  ) {}

  static async start(options: BenchOptions, profileFolder: string): Promise<Stage> {
    const servers = await startServers({ purpose: 'bench', print: console.log });
    if (servers.managementUrl === undefined)
      throw new Error('AMQP_MANAGEMENT_URL is missing: with AMQP_URL the bench needs both');
    // Always its own: logical replication needs wal_level logical.
    const postgres = await PrivatePostgres.start(join(servers.folder, 'bench-postgres'), {
      settings: { wal_level: 'logical', shared_preload_libraries: 'pg_stat_statements' },
    });
    return new Stage(servers, postgres, options, profileFolder);
  }

  /** The servers that are child processes; servers that run elsewhere are not measured. */
  get serverProcesses(): Record<string, number[]> {
    return {
      broker: childrenOf(process.pid, 'rabbitmq'),
      postgres: childrenOf(process.pid, `port=${this.postgres.port}`),
      zookeeper: childrenOf(process.pid, 'zookeeper'),
    };
  }

  /** Node arguments for a measured process. */
  get nodeArguments(): string[] {
    const profiling = this.options.profile ? ['--cpu-prof', `--cpu-prof-dir=${this.profileFolder}`] : [];
    return [...profiling, ...this.options.nodeArguments];
  }

  async stop(): Promise<void> {
    await this.postgres.stop();
    await this.servers.stop();
  }
}
