/** How an event is published: once for all its queues, or once per queue. */
export type SendMode = 'group' | 'each';

/**
 * Plans a batch: events that are sent at once, in order, each to some queues.
 *
 * One publish to several queues does not reveal that one of them is missing; one publish per queue does. So the last
 * event for each queue is published per queue: if the queue received it, through a binding that is created only once,
 * it received the earlier events, too. Those are published to all their queues at once.
 *
 * @param batch the queues of each event. Events for the same queues should share one list.
 * @param canGroup whether one publish reaches exactly these queues, and each of them has a key of its own.
 * @returns in the order of the batch.
 */
export function planBatch(
  batch: readonly (readonly string[])[],
  canGroup: (queues: readonly string[]) => boolean,
): readonly SendMode[] {
  const plan: SendMode[] = batch.map(() => 'each');
  const verified = new Set<string>();
  const verifiedLists = new Set<readonly string[]>();
  for (const [index, queues] of [...batch.entries()].reverse()) {
    if (queues.length < 2 || !canGroup(queues)) continue;
    if (verifiedLists.has(queues) || queues.every((queue) => verified.has(queue))) plan[index] = 'group';
    else for (const queue of queues) verified.add(queue);
    verifiedLists.add(queues);
  }
  return plan;
}
