import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const COMPOSE_FILE = fileURLToPath(new URL('../../docker/servers.yaml', import.meta.url));
const PROJECT = 'db-event-manager-servers';

/** Whether a Docker engine responds; the client alone is not enough. */
export function isDockerAvailable(): boolean {
  const { status } = spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 5_000 });
  return status === 0 && spawnSync('docker', ['compose', 'version'], { timeout: 5_000 }).status === 0;
}

/** Starts services of docker/servers.yaml and waits for their health checks. @returns a function that stops them */
export function composeUp(services: readonly string[]): () => void {
  compose(['up', '--detach', '--wait', ...services]);
  return () => compose(['down', '--volumes']);
}

function compose(args: string[]): void {
  const { status, stderr } = spawnSync('docker', ['compose', '-p', PROJECT, '-f', COMPOSE_FILE, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`docker compose ${args.join(' ')} failed:\n${stderr}`);
}
