import { join } from 'node:path';
import { freePorts, probePort } from '../ports';
import { PrivateProcess } from '../private-process';

const START_TIMEOUT_MS = 60_000;

/** Erlang's port mapper on a port of its own, in the foreground, so that it is stopped with its servers. */
export class PortMapper {
  private constructor(
    private readonly process: PrivateProcess,
    /** Makes Erlang programs use this port mapper, and the cookie in `folder`. */
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** @param folder the home of its servers; Erlang creates the cookie there, unless there is one */
  static async start(folder: string): Promise<PortMapper> {
    const [port] = (await freePorts(1)) as [number];
    const environment = {
      ...process.env,
      HOME: folder,
      ERL_EPMD_PORT: String(port),
      ERL_EPMD_ADDRESS: '127.0.0.1',
    };
    const epmd = new PrivateProcess({
      name: 'epmd',
      command: 'epmd',
      args: ['-port', String(port), '-address', '127.0.0.1'],
      env: environment,
      logFile: join(folder, 'epmd.log'),
    });
    epmd.start();
    await epmd.waitUntilReady(() => probePort(port), START_TIMEOUT_MS);
    return new PortMapper(epmd, environment);
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }
}
