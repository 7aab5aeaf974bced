import v8 from 'node:v8';

/**
 * Tells V8 to make every object young, for the rest of this process.
 *
 * By default V8 allocates what a piece of code makes among the old objects as soon as it sees that 85 % of it outlives a
 * collection. A program that has some hundred events under way sits at that line: whether it crosses it is chance, and once it
 * has, all of each event stays until the next collection of the whole heap
 * (docs/decisions/0049-short-lived-event-objects.md).
 */
export function disablePretenuring(): void {
  v8.setFlagsFromString('--no-allocation-site-pretenuring');
}
