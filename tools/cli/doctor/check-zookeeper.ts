import { createHash, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { type ACL, type Client, CreateMode, createClient, type Stat } from 'node-zookeeper-client';
import { checkClock, type Finding, fault, isAtLeast, note, ok, skipped } from './finding';

const TIMEOUT_MS = 5_000;
const LEAST_VERSION = [3, 8] as const;
const MAP_ROOT = '/db-event-mgr';

/** Looks at ZooKeeper as an event manager would. @param credentials user:password, as in ZOOKEEPER_AUTH */
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
      const fix = 'check ZOOKEEPER_CONNECT, and that a majority of the ZooKeeper servers runs';
      return [fault('ZooKeeper', `no session within ${TIMEOUT_MS / 1_000} s`, fix)];
    }
    if (credentials !== undefined) client.addAuthInfo('digest', Buffer.from(credentials));
    return [
      ...(await Promise.all(serversIn(connectString).map(checkVersion))),
      ...(await checkWriting(client)),
      ...(await checkMap(client, credentials)),
    ];
  } catch (error) {
    const fix = 'check the rights on the map: it must be readable with the manager’s credentials';
    return [fault(MAP_ROOT, String(error), fix)];
  } finally {
    client.close();
  }
}

/** An ephemeral node shows whether we may make one, and what time it is there. */
async function checkWriting(client: Client): Promise<Finding[]> {
  const path = `/dbem-doctor-${randomUUID()}`;
  const askedAtMs = Date.now();
  try {
    await call<string>((done) => client.create(path, CreateMode.EPHEMERAL, done));
    const answeredAtMs = Date.now();
    const stat = await call<Stat>((done) => client.exists(path, done));
    await call<void>((done) => client.remove(path, done));
    return [
      ok('ZooKeeper’s rights', 'may make nodes'),
      checkClock('ZooKeeper’s clock', Number(stat.ctime.readBigInt64BE()), askedAtMs, answeredAtMs, 0),
    ];
  } catch (error) {
    const fix =
      'give the event manager the right to make nodes in its chroot, and ZOOKEEPER_AUTH if the nodes are closed';
    return [fault('ZooKeeper’s rights', String(error), fix)];
  }
}

async function checkMap(client: Client, credentials: string | undefined): Promise<Finding[]> {
  const children = await call<string[] | undefined>((done) =>
    client.getChildren(MAP_ROOT, (error, names) => (isAbsent(error) ? done(null, undefined) : done(error, names))),
  );
  if (children === undefined) {
    return [
      fault(MAP_ROOT, 'is missing', 'start an event manager: it makes it; check the chroot in ZOOKEEPER_CONNECT'),
    ];
  }
  const acls = await call<ACL[]>((done) => client.getACL(MAP_ROOT, (error, found) => done(error, found)));
  return [ok(MAP_ROOT, `${children.length} publishers`), checkRights(acls, credentials)];
}

function checkRights(acls: readonly ACL[], credentials: string | undefined): Finding {
  const check = `rights on ${MAP_ROOT}`;
  const owners = acls.filter(({ id }) => id.scheme === 'digest').map(({ id }) => id.id);
  if (owners.length === 0) {
    const fix = 'set ZOOKEEPER_AUTH at every event manager (docs/how-to/run-zookeeper-safely.md)';
    return note(check, 'everybody who reaches ZooKeeper may change the map', fix);
  }
  if (credentials === undefined) return note(check, 'only managers may change it', 'set ZOOKEEPER_AUTH to check it');
  if (owners.includes(digestOf(credentials))) return ok(check, 'only who has ZOOKEEPER_AUTH may change it');
  return fault(check, 'ZOOKEEPER_AUTH is not what the map was closed with', 'set the same at every event manager');
}

/** As ZooKeeper writes down who has these credentials. */
function digestOf(credentials: string): string {
  const [user = ''] = credentials.split(':', 1);
  return `${user}:${createHash('sha1').update(credentials).digest('base64')}`;
}

async function checkVersion({ host, port }: Server): Promise<Finding> {
  const check = `ZooKeeper ${host}:${port}`;
  const version = /version: ([\d.]+)/.exec(await ask(host, port, 'srvr').catch(() => ''))?.[1];
  if (version === undefined) {
    return note(check, 'does not say its version', 'start it, or let it answer `srvr` (4lw.commands.whitelist)');
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

function ask(host: string, port: number, question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, host, () => socket.write(question));
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer')));
    socket.on('data', (data) => {
      answer += data;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(answer));
  });
}

function isAbsent(error: unknown): boolean {
  return error !== null && error !== undefined && String(error).includes('NO_NODE');
}

function call<Result>(start: (done: (error: unknown, result: Result) => void) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS / 1_000} s`)), TIMEOUT_MS).unref();
    start((error, result) => (error === null || error === undefined ? resolve(result) : reject(error)));
  });
}
