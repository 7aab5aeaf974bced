import { ask } from '../../../../tools/servers/ports';
import type { PrivateZooKeeper } from '../../../../tools/servers/private-zookeeper';
import { waitFor } from '../../waiting/wait-for';

/** Waits until no server of the ensemble serves requests: each is down or reports that it has no leader. */
export async function expectNoLeader(ensemble: readonly PrivateZooKeeper[]): Promise<void> {
  await waitFor(async () => (await modesOf(ensemble)).every((mode) => mode === undefined), {
    what: 'the ensemble to have no leader',
  });
}

/** Waits until one server of the ensemble is the leader and all others are followers. */
export async function expectLeader(ensemble: readonly PrivateZooKeeper[]): Promise<void> {
  const all = ['leader', ...ensemble.slice(1).map(() => 'follower')].sort().join();
  await waitFor(async () => (await modesOf(ensemble)).sort().join() === all, {
    what: 'the ensemble to have one leader and followers only',
  });
}

/** The mode that each server reports; undefined if it does not serve requests. */
function modesOf(ensemble: readonly PrivateZooKeeper[]): Promise<(string | undefined)[]> {
  return Promise.all(
    ensemble.map(async ({ port }) => /Mode: (\w+)/.exec(await ask(port, 'srvr').catch(() => ''))?.[1]),
  );
}
