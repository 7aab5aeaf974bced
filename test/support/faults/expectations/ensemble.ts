import { ask } from '../../../../tools/servers/ports';
import type { PrivateZooKeeper } from '../../../../tools/servers/private-zookeeper';
import { waitFor } from '../../waiting/wait-for';

/** Waits until no server of the ensemble serves: each is gone or reports that it has no leader. */
export async function expectNoLeader(ensemble: readonly PrivateZooKeeper[]): Promise<void> {
  await waitFor(async () => (await modesOf(ensemble)).every((mode) => mode === undefined), {
    what: 'the ensemble to have no leader',
  });
}

/** Waits until one server of the ensemble leads and all others follow. */
export async function expectLeader(ensemble: readonly PrivateZooKeeper[]): Promise<void> {
  const all = ['leader', ...ensemble.slice(1).map(() => 'follower')].sort().join();
  await waitFor(async () => (await modesOf(ensemble)).sort().join() === all, {
    what: 'the ensemble to have a leader that all follow',
  });
}

/** What each reports to be; undefined: it does not serve. */
function modesOf(ensemble: readonly PrivateZooKeeper[]): Promise<(string | undefined)[]> {
  return Promise.all(
    ensemble.map(async ({ port }) => /Mode: (\w+)/.exec(await ask(port, 'srvr').catch(() => ''))?.[1]),
  );
}
