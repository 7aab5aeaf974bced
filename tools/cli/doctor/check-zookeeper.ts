import { createClient } from 'node-zookeeper-client';
import { type Finding, fault, ok, skipped } from './finding';

const TIMEOUT_MS = 5_000;
const MAP_ROOT = '/db-event-mgr';

/** Looks at ZooKeeper as an event manager would. */
export async function checkZooKeeper(connectString: string | undefined): Promise<Finding[]> {
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
    const publishers = await new Promise<number | undefined>((resolve, reject) => {
      client.getChildren(MAP_ROOT, (error, children) => {
        if (error === null || error === undefined) resolve(children.length);
        else if (String(error).includes('NO_NODE')) resolve(undefined);
        else reject(error);
      });
    });
    return [
      ok('ZooKeeper', 'answers'),
      publishers === undefined
        ? fault(MAP_ROOT, 'is missing', 'start an event manager: it makes it; check the chroot in ZOOKEEPER_CONNECT')
        : ok(MAP_ROOT, `${publishers} publishers`),
    ];
  } catch (error) {
    return [
      fault(MAP_ROOT, String(error), 'check the rights on the map: it must be readable with the manager’s credentials'),
    ];
  } finally {
    client.close();
  }
}
