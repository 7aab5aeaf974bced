/** How an event leaves: in one publish for all its queues, or in one for each of them. */
export type Leaving = 'together' | 'singly';

/**
 * Plans a volley: events that leave at once, in order, each for some queues.
 *
 * One publish for several queues does not tell that one of them is missing; one for each of them does. So the last event for each
 * queue leaves singly, as a witness: if the queue took it, by a binding that is made only once, it took what left before. Those
 * leave together.
 *
 * @param volley the queues of each event. Equal lists are best the same list.
 * @param canBatch whether one publish reaches just these queues, and each of them can bear witness.
 * @returns in the order of the volley.
 */
export function planBatch(
  volley: readonly (readonly string[])[],
  canBatch: (queues: readonly string[]) => boolean,
): readonly Leaving[] {
  const plan: Leaving[] = volley.map(() => 'singly');
  const witnesses = new Set<string>();
  const witnessed = new Set<readonly string[]>();
  for (const [index, queues] of [...volley.entries()].reverse()) {
    if (queues.length < 2 || !canBatch(queues)) continue;
    if (witnessed.has(queues) || queues.every((queue) => witnesses.has(queue))) plan[index] = 'together';
    else for (const queue of queues) witnesses.add(queue);
    witnessed.add(queues);
  }
  return plan;
}
