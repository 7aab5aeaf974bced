import { request } from '../http/http';
import { waitFor } from '../waiting/wait-for';

/**
 * Waits until the replicas of `publisher` have all that it had before them. Until then a change may reach a replica twice, as
 * itself and as history, and a run that is under way refuses any other of the two services.
 */
export async function waitUntilHistoryIsThere(managerUrl: string, token: string, publisher = 'user.profile') {
  await waitFor(async () => {
    const { body } = await request<{ items: { publisher: string; state: string }[] }>(
      'GET',
      `${managerUrl}/admin/v1/reconcile`,
      { token },
    );
    const runs = body.items.filter((run) => run.publisher === publisher);
    return runs.length > 0 && runs.every(({ state }) => state === 'done');
  });
}
