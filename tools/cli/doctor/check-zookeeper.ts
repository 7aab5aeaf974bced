import { createHash, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { type ACL, type Client, CreateMode, createClient, type Stat } from 'node-zookeeper-client';
import { checkClock, type Finding, fault, isAtLeast, note, ok, skipped } from './finding';

const TIMEOUT_MS = 5_000;
const LEAST_VERSION = [3, 8] as const;
const MAP_ROOT = '/db-event-mgr';

/** Checks ZooKeeper with the settings of an event manager. @param credentials user:password, as in ZOOKEEPER_AUTH */
export async function checkZooKeeper(
  connectString: string | undefined,
  credentials: string | undefined,
): Promise<Finding[]> {
  if (connectString === undefined) return [skipped('ZooKeeper', 'set ZOOKEEPER_CONNECT as the event manager has it')];
  const client = createClient(connectString, { sessionTimeout: TIMEOUT_MS, retries: 0 });
  try {
    const isConnected = await new Promise<boolean>((resolve) => {
      setTimeout(() => resolve(false), TIMEOUT_MS).unref();
      client.once('connected', () => resolve(true));
      client.connect();
    });
    if (!isConnected) {
      const fix = 'check ZOOKEEPER_CONNECT; check that a majority of the ZooKeeper servers runs';
      return [fault('ZooKeeper', `no session within ${TIMEOUT_MS / 1_000} s`, fix)];
    }
    if (credentials !== undefined) client.addAuthInfo('digest', Buffer.from(credentials));
    return [
      ...(await Promise.all(serversIn(connectString).map(checkVersion))),
      ...(await checkWriting(client)),
      ...(await checkMap(client, credentials)),
    ];
  } catch (error) {
    const fix = 'check the map’s ACL: the manager’s credentials must be able to read it';
    return [fault(MAP_ROOT, String(error), fix)];
  } finally {
    client.close();
  }
}

/** Creates an ephemeral node, to check the permission and to read the server's clock. */
async function checkWriting(client: Client): Promise<Finding[]> {
  const path = `/dbem-doctor-${randomUUID()}`;
  const sentAtMs = Date.now();
  try {
    await call<string>((done) => client.create(path, CreateMode.EPHEMERAL, done));
    const receivedAtMs = Date.now();
    const stat = await call<Stat>((done) => client.exists(path, done));
    await call<void>((done) => client.remove(path, done));
    return [
      ok('ZooKeeper’s permissions', 'can create nodes'),
      checkClock('ZooKeeper’s clock', Number(stat.ctime.readBigInt64BE()), sentAtMs, receivedAtMs, 0),
    ];
  } catch (error) {
    const fix = 'let the event manager create nodes in its chroot; set ZOOKEEPER_AUTH if the nodes are closed';
    return [fault('ZooKeeper’s permissions', String(error), fix)];
  }
}

async function checkMap(client: Client, credentials: string | undefined): Promise<Finding[]> {
  const children = await call<string[] | undefined>((done) =>
    client.getChildren(MAP_ROOT, (error, names) => (isAbsent(error) ? done(null, undefined) : done(error, names))),
  );
  if (children === undefined) {
    return [
      fault(MAP_ROOT, 'missing', 'start an event manager, which creates it; check the chroot in ZOOKEEPER_CONNECT'),
    ];
  }
  const acls = await call<ACL[]>((done) => client.getACL(MAP_ROOT, (error, found) => done(error, found)));
  return [ok(MAP_ROOT, `${children.length} publishers`), checkPermissions(acls, credentials)];
}

function checkPermissions(acls: readonly ACL[], credentials: string | undefined): Finding {
  const check = `permissions on ${MAP_ROOT}`;
  const owners = acls.filter(({ id }) => id.scheme === 'digest').map(({ id }) => id.id);
  if (owners.length === 0) {
    const fix = 'set ZOOKEEPER_AUTH at every event manager (docs/how-to/run-zookeeper-safely.md)';
    return note(check, 'anyone who can reach ZooKeeper can change the map', fix);
  }
  if (credentials === undefined)
    return note(check, 'only managers can change it', 'set ZOOKEEPER_AUTH to check the credentials');
  if (owners.includes(digestOf(credentials))) return ok(check, 'only holders of ZOOKEEPER_AUTH can change it');
  return fault(check, 'ZOOKEEPER_AUTH does not match the map’s ACL', 'set the same credentials at every event manager');
}

/** The id of these credentials in an ACL of ZooKeeper's scheme `digest`. */
function digestOf(credentials: string): string {
  const [user = ''] = credentials.split(':', 1);
  return `${user}:${createHash('sha1').update(credentials).digest('base64')}`;
}

async function checkVersion({ host, port }: Server): Promise<Finding> {
  const check = `ZooKeeper ${host}:${port}`;
  const version = /version: ([\d.]+)/.exec(await request(host, port, 'srvr').catch(() => ''))?.[1];
  if (version === undefined) {
    return note(check, 'does not report its version', 'start it, or allow the command `srvr` (4lw.commands.whitelist)');
  }
  return isAtLeast(version, LEAST_VERSION) ? ok(check, version) : fault(check, version, 'upgrade to 3.8 or later');
}

interface Server {
  readonly host: string;
  readonly port: number;
}

function serversIn(connectString: string): Server[] {
  return connectString
    .replace(/\/.*$/, '')
    .split(',')
    .map((server) => {
      const [, host = server, port = '2181'] = /^(.*):(\d+)$/.exec(server) ?? [];
      return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
    });
}

function request(host: string, port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let response = '';
    const socket = connect(port, host, () => socket.write(text));
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no response')));
    socket.on('data', (data) => {
      response += data;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(response));
  });
}

function isAbsent(error: unknown): boolean {
  return error !== null && error !== undefined && String(error).includes('NO_NODE');
}

function call<Result>(start: (done: (error: unknown, result: Result) => void) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`no response within ${TIMEOUT_MS / 1_000} s`)), TIMEOUT_MS).unref();
    start((error, result) => (error === null || error === undefined ? resolve(result) : reject(error)));
  });
}
