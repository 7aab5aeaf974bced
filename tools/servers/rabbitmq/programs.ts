import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const FOLDER = '/usr/lib/rabbitmq/bin';
/** Not /usr/sbin/rabbitmq-server, which switches to another user. */
export const SERVER = `${FOLDER}/rabbitmq-server`;
/** Each call starts an Erlang VM: it has taken 90 s on a machine with six busy processes per core. */
const TIMEOUT_MS = 240_000;

export function canRunRabbitMq(): boolean {
  return existsSync(SERVER);
}

/** Runs one of RabbitMQ's command line tools and resolves with its output. */
export async function runTool(
  tool: 'rabbitmqctl' | 'rabbitmq-queues',
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const options = { env: environment, timeout: TIMEOUT_MS };
  const { stdout } = await promisify(execFile)(`${FOLDER}/${tool}`, ['--quiet', ...args], options);
  return stdout;
}
